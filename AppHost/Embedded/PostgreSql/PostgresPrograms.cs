namespace LivingCity.AppHost.Embedded;

/// <summary>Where distributions put PostgreSQL's server programs, newest version first.</summary>
internal static class PostgresPrograms
{
    public static string Find(string name) => Programs.Find(name, "postgresql and postgis",
    [
        .. Programs.Versions("/usr/lib/postgresql", "*", "bin"),
        .. Programs.Versions("/usr", "pgsql-*", "bin"),
        .. Programs.Versions("/opt/homebrew/opt", "postgresql@*", "bin"),
        .. Programs.Versions("/usr/local/opt", "postgresql@*", "bin"),
    ]);
}
