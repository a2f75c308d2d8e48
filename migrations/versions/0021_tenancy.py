"""Roles that own no table, and a policy on each table of tenants.

Old code goes on: it stays who it is, the owner, whom no policy binds.
"""

from alembic import op

from migrations.tenancy import confine, release

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    confine(op.get_bind())
    op.execute("""
        CREATE POLICY everybodys_to_see ON ui_presets FOR SELECT TO luxaris_app
            USING (scope = 'platform')
    """)
    # To lock one is to be told that it is root's; nobody is let change it.
    op.execute("""
        CREATE POLICY everybodys_to_lock ON ui_presets FOR UPDATE TO luxaris_app
            USING (scope = 'platform') WITH CHECK (false)
    """)


def downgrade() -> None:
    op.execute("DROP POLICY everybodys_to_lock ON ui_presets")
    op.execute("DROP POLICY everybodys_to_see ON ui_presets")
    release(op.get_bind())
