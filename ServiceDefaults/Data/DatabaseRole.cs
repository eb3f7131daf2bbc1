namespace LivingCity.ServiceDefaults.Data;

/// <summary>
/// A superuser bypasses row-level security, and development stacks hand services a superuser's login. Such a session steps down to a role without privileges,
/// which every connection takes on as it opens. With a login of its own the service owns its tables, and <c>FORCE ROW LEVEL SECURITY</c> binds it.
/// </summary>
internal static class DatabaseRole
{
    public const string Ensure = """
        DO $$ BEGIN
            IF current_setting('is_superuser') = 'on' THEN
                BEGIN
                    CREATE ROLE livingcity_service NOLOGIN NOSUPERUSER NOBYPASSRLS;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another service of the same server was first
                END;
                GRANT USAGE, CREATE ON SCHEMA public TO livingcity_service;
                GRANT ALL ON ALL TABLES IN SCHEMA public TO livingcity_service;
                GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO livingcity_service;
            END IF;
        END $$
        """;

    public const string StepDown = """
        DO $$ BEGIN
            IF current_setting('is_superuser') = 'on' AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'livingcity_service') THEN
                SET ROLE livingcity_service;
            END IF;
        END $$
        """;
}
