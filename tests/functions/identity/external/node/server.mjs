// A certified OpenID Connect provider, as it comes; people sign in with any name and password.
import { Provider } from "oidc-provider";

const { port, clientId, clientSecret, redirectUri } = JSON.parse(process.argv[2]);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] },
  ],
  claims: { email: ["email", "email_verified"], profile: ["name", "locale", "zoneinfo"] },
  cookies: { keys: ["a secret that is used by tests only"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id}@example.com`,
      email_verified: true,
      name: "Ada Lovelace",
      locale: "de-AT",
      zoneinfo: "Europe/Vienna",
    }),
  }),
});
provider.listen(port, "127.0.0.1");
