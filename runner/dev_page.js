"use strict";
const at = id => document.getElementById(id);
const HUES = {success: "good", published: "good", failed: "bad", retried: "doubt", unknown: "doubt", started: "calm", pending: "calm"};

const kindOf = head => ({"#": "number", "+": "rest"})[head[0]] || "";
function element(name, words, kind) {
  const made = document.createElement(name);
  if (words instanceof Node) made.append(words); else made.textContent = words ?? "";
  if (kind) made.className = kind;
  return made;
}
function link(words, address) {
  const made = element("a", words);
  if (/^(https?:|\/)/.test(address || "")) made.href = address;
  return made;
}
// A head that begins with # is of numbers, one with + takes the room that is left.
function rows(id, heads, lines, empty) {
  const table = at(id);
  table.replaceChildren();
  if (!lines.length) { table.append(element("caption", empty, "faint")); return }
  const top = element("tr");
  heads.forEach(head => {
    const made = element("th", head.replace(/^[#+]/, ""), kindOf(head));
    made.scope = "col";
    top.append(made);
  });
  table.append(top);
  for (const line of lines) {
    const row = element("tr");
    line.forEach((cell, place) => {
      const [words, kind] = Array.isArray(cell) ? cell : [cell, ""];
      row.append(element("td", words, `${kindOf(heads[place])} ${kind || ""}`));
    });
    table.append(row);
  }
}
const span = seconds => seconds == null ? "" : seconds < 1 ? `${Math.round(seconds * 1000)} ms` : seconds < 120 ? `${+seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
const clock = moment => moment ? new Date(moment).toLocaleTimeString("en-GB") : "";
function brief(words) {
  const made = element("span", words.slice(0, 8));
  made.title = words;
  return made;
}

function flow(state) {
  const of = state.statuses;
  const steps = [
    ["to come", state.to_come, "calm", state.next_at ? `next ${clock(state.next_at)}` : ""],
    ["due", state.due, state.oldest_due_seconds > 5 ? "bad" : "calm", state.due ? `oldest ${span(state.oldest_due_seconds)}` : ""],
    ["queued", of.queued || 0, "calm"], ["sending", of.processing || 0, "calm"],
    ["sent", of.success || 0, "good"], ["failed", of.failed || 0, "bad"],
    ["unknown", of.unknown || 0, "doubt"], ["skipped", of.skipped || 0, "doubt"], ["cancelled", of.cancelled || 0, ""],
  ];
  at("flow").replaceChildren(...steps.map(([name, number, kind, more]) => {
    const step = element("div", "", `step ${kind}`);
    step.append(element("b", number.toLocaleString()), element("span", name), element("div", more || " ", "faint"));
    return step;
  }));
}
function histogram({ends, counts}) {
  const most = Math.max(1, ...counts);
  rows("lateness", ["At most", "+", "#Sent"], counts.map((count, place) => {
    const bar = element("i");
    bar.style.width = `${count / most * 100}%`;
    if (!count) bar.style.visibility = "hidden";
    return [ends[place] == null ? "more" : span(ends[place]), [bar, "bar"], count];
  }), "Nothing has left yet");
}
async function look() {
  try {
    const answer = await fetch("/dev/line.json", {cache: "no-store"});
    const state = await answer.json();
    if (state.error) throw new Error(state.error);
    flow(state);
    histogram(state.lateness);
    at("services").textContent = state.services;
    rows("queues", ["Queue", "#Waiting"], Object.entries(state.queues), "No queue can be reached");
    rows("latest", ["At", "Network", "Ended", "#Late", "#Took", "+Answer", "Request"], state.latest.map(one => [
      clock(one.started_at), one.channel, [one.status, HUES[one.status]], one.late == null ? "" : span(one.late),
      one.response_time_ms == null ? "" : `${one.response_time_ms} ms`,
      one.external_url ? link(one.external_url, one.external_url) : [one.error_code || "", "bad"], brief(one.request_id || ""),
    ]), "Nothing has left yet");
    rows("attempts", ["Network", "Ended", "Class", "#Number"], state.attempts.map(one => [
      one.channel, [one.status, HUES[one.status]], one.error_class, one.number]), "None yet");
    rows("networks", ["Network", "#Posts", "+Last"], state.networks.map(one => [one.name, one.posts, one.last || ""]), "No network is simulated");
    rows("mails", ["To", "+Subject"], state.mails.map(one => [one.to, link(one.subject, one.link)]), "No mail yet");
    at("beat").className = "";
    void at("beat").offsetWidth;
    at("beat").className = "alive";
  } catch (problem) {
    at("beat").className = "";
    at("services").textContent = problem.message;
  }
  setTimeout(look, document.hidden ? 5000 : 1000);
}
look();
