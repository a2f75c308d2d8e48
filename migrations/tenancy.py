"""Who sees which rows: two roles that own nothing, and a policy on each table of tenants.

What a table is called makes no difference: it is confined by its column `organization_id`
(`organizations` by its `id`), so that a table of tomorrow is covered when it is there. What has a
`user_id` and no organization is a person's own, wherever they act: whoever is confined to an
organization is refused it altogether. `env.py` sees to it after every upgrade.
"""

from sqlalchemy import Connection, text

FROM = "0021"
"""The revision that all this begins with."""

_ROLES = """
DO $$ DECLARE name text; taken text := CASE
        WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    FOREACH name IN ARRAY ARRAY['luxaris_app', 'luxaris_system'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN  -- another database's upgrade
        END;
        -- Whoever has made a role may hand it out, but not take it on.
        IF NOT pg_has_role(current_user, name, taken) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
    END LOOP;
END $$
"""

_TABLES = """
DO $$ DECLARE name regclass; tenant text; is_personal boolean; grantee text; BEGIN
    FOR name IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND NOT relispartition AND relname <> 'alembic_version'
    LOOP
        SELECT attname INTO tenant FROM pg_attribute
         WHERE attrelid = name AND NOT attisdropped
           AND attname = CASE name::text WHEN 'organizations' THEN 'id' ELSE 'organization_id' END;
        is_personal := tenant IS NULL AND EXISTS (
            SELECT FROM pg_attribute
             WHERE attrelid = name AND NOT attisdropped AND attname = 'user_id');
        FOREACH grantee IN ARRAY ARRAY['luxaris_app', 'luxaris_system'] LOOP
            IF is_personal AND grantee = 'luxaris_app' THEN
                EXECUTE format('REVOKE ALL ON %s FROM %I', name, grantee);
            ELSIF NOT has_table_privilege(grantee, name, 'SELECT') THEN
                EXECUTE format(
                    'GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', name, grantee);
            END IF;
        END LOOP;
        IF tenant IS NOT NULL
            AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = name AND polname = 'own')
        THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('CREATE POLICY everybodys ON %s TO luxaris_system USING (true)', name);
            EXECUTE format(
                $policy$CREATE POLICY own ON %s TO luxaris_app
                    USING (%I = NULLIF(current_setting('app.organization_id', true), '')::uuid)
                $policy$, name, tenant);
        END IF;
    END LOOP;
    FOR name IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO luxaris_app, luxaris_system', name);
    END LOOP;
END $$
"""

_RELEASE = """
DO $$ DECLARE name regclass; rule text; BEGIN
    FOR name, rule IN
        SELECT polrelid, polname FROM pg_policy WHERE polname IN ('own', 'everybodys')
    LOOP
        EXECUTE format('DROP POLICY %I ON %s', rule, name);
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', name);
    END LOOP;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM luxaris_app, luxaris_system;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM luxaris_app, luxaris_system;
    REVOKE ALL ON SCHEMA public FROM luxaris_app, luxaris_system;
END $$
"""


def confine(connection: Connection) -> None:
    """What is missing of it; that needs the right to make roles where there are none yet."""
    connection.execute(text(_ROLES))
    connection.execute(text(_TABLES))


def release(connection: Connection) -> None:
    """The roles stay: other databases of the server may have them, too."""
    connection.execute(text(_RELEASE))
