using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Events.Benchmarks;

/// <summary>Registrations a second over HTTP, each by another person with a token of his own, against what pgbench gets out of the same database with the bare transaction; alternating rounds.</summary>
internal static partial class Registrations
{
    private const int People = 30_000;
    private const int Rounds = 3;
    private const int Clients = 32;
    private const int Seconds = 3;

    /// <summary>The rows of a registration and no more, each transaction for itself: lock the session, add person, registration and log entry, count. Nobody keeps the log's numbers in order, as the desk does.</summary>
    private const string Script = """
        \set session random(1, :sessions)
        BEGIN;
        SELECT capacity, taken, next_ticket FROM bench_seats WHERE session_id = :session FOR NO KEY UPDATE;
        WITH p AS (
            INSERT INTO bench_participant (tenant, id, event_id, city, person, kind, name, language, consent_at, created_at)
            VALUES ('sofia', gen_random_uuid(), 'bench', 'sofia', gen_random_uuid()::text, 'member', 'tester', 'en', now(), now()) RETURNING id),
        r AS (
            INSERT INTO bench_registration (tenant, id, event_id, session_id, participant, city, state, ticket, registered_at, changed_at)
            SELECT 'sofia', gen_random_uuid(), 'bench', :session, id, 'sofia', 'confirmed', 1, now(), now() FROM p RETURNING id, session_id, participant)
        INSERT INTO bench_log (event_id, number, at, command)
            SELECT 'bench', nextval('bench_number'), now(), jsonb_build_object('kind', 'register', 'session', session_id, 'applicants', jsonb_build_array(jsonb_build_object('registration', id, 'participant', participant))) FROM r;
        UPDATE bench_seats SET taken = taken + 1, next_ticket = next_ticket + 1 WHERE session_id = :session;
        COMMIT;
        """;

    /// <summary>Tables like the service's own: columns, defaults, indexes, checks and references.</summary>
    private const string Tables = """
        CREATE TABLE bench_participant (LIKE participant INCLUDING ALL, FOREIGN KEY (event_id) REFERENCES event ON DELETE CASCADE);
        CREATE TABLE bench_registration (LIKE registration INCLUDING ALL, FOREIGN KEY (tenant, participant) REFERENCES bench_participant ON DELETE CASCADE);
        CREATE TABLE bench_log (LIKE registration_log INCLUDING ALL, FOREIGN KEY (event_id) REFERENCES event ON DELETE CASCADE);
        CREATE TABLE bench_seats (LIKE seat_plan INCLUDING ALL);
        CREATE SEQUENCE bench_number;
        INSERT INTO bench_seats (session_id, event_id, capacity) SELECT number, 'bench', 100 FROM generate_series(1, 100) number
        """;

    /// <param name="stand">The service.</param>
    /// <param name="wanted"><c>contention</c>, <c>spread</c>, or neither for both.</param>
    public static async Task MeasureAsync(EventStand stand, string[] wanted)
    {
        var folder = Directory.CreateTempSubdirectory("events-bench").FullName;
        var database = await stand.DatabaseAsync();
        await stand.PublishAsync("bench", 1, null);
        await PrepareAsync(database, folder);
        foreach (var (name, sessions, capacity) in new (string Name, int, int?)[] { ("contention", 1, 100), ("spread", 100, null) }.Where(row => wanted.Contains(row.Name) || !wanted.Intersect(["contention", "spread"]).Any()))
        {
            var (ours, bare) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var id = $"bench-{name}-{round}";
                await stand.PublishAsync(id, sessions, capacity);
                var tokens = Enumerable.Range(0, People).AsParallel().Select(number => stand.Token("sofia", $"{name}{round}-{number}")).ToArray();
                await File.WriteAllLinesAsync(Path.Combine(folder, "tokens"), tokens);
                var measured = await OverHttpAsync(stand.Events, folder, id, sessions);
                if (round == 0)
                {
                    // Code is compiled and connections are made, as in a service that has run for a while.
                    continue;
                }

                ours.Add(measured);
                bare.Add(await PgbenchAsync(database, folder, sessions));
                Console.WriteLine(FormattableString.Invariant($"{name,-10} round {round}: {ours[^1]:0} registrations/s, pgbench {bare[^1]:0}/s"));
            }

            Console.WriteLine(FormattableString.Invariant($"{name}: median {Median(ours):0} registrations/s against {Median(bare):0} of pgbench = {Median(ours) / Median(bare):0.00} (aim 0.6)"));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task PrepareAsync(NpgsqlConnectionStringBuilder database, string folder)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Tables, connection);
        await command.ExecuteNonQueryAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.sql"), Script);
    }

    /// <summary>wrk takes the next token for each request: nobody registers twice, and there are more people than fit into the time.</summary>
    private static async Task<double> OverHttpAsync(Uri address, string folder, string id, int sessions)
    {
        var script = Path.Combine(folder, "register.lua");
        await File.WriteAllTextAsync(script, $$"""
            local tokens = {}
            for line in io.lines("{{folder}}/tokens") do tokens[#tokens + 1] = line end
            local at = 0
            function request()
              at = at + 1
              return wrk.format("POST", "/api/events/v1/sessions/{{id}}-" .. (at % {{sessions}}) .. "/registrations", { ["Authorization"] = "Bearer " .. (tokens[at] or "none are left") })
            end
            """);
        var text = await RunAsync("wrk", ["-t", "1", "-c", "64", "-d", $"{Seconds}s", "-s", script, address.ToString()], null);
        return text.Contains("Non-2xx", StringComparison.Ordinal) ? throw new InvalidOperationException(text) : double.Parse(PerSecond().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<double> PgbenchAsync(NpgsqlConnectionStringBuilder database, string folder, int sessions)
    {
        var program = Directory.EnumerateFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() ?? "pgbench";
        var text = await RunAsync(program,
            ["-n", "-M", "prepared", "-c", $"{Clients}", "-j", "1", "-T", "5", "-D", $"sessions={sessions}", "-f", Path.Combine(folder, "bench.sql"), "-h", database.Host!, "-p", $"{database.Port}", "-U", database.Username!, database.Database!], database.Password);
        return double.Parse(Tps().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string? password)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        if (password is not null)
        {
            start.Environment["PGPASSWORD"] = password;
        }

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
