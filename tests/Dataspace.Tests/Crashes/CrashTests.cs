using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Crashes;

/// <summary><c>kill -9</c> of either side during a thousand concurrent negotiations: none is lost, none is concluded twice, none makes a step that is not allowed.</summary>
public sealed class CrashTests
{
    private const int Negotiations = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The database itself watches every step. One transaction takes the other side's step and then this side's, so a consumer may go from REQUESTED over AGREED to VERIFIED, a provider from AGREED over VERIFIED to FINALIZED.</summary>
    private const string Watch = """
        CREATE TABLE illegal_step (step text);
        GRANT ALL ON illegal_step TO PUBLIC;
        CREATE FUNCTION watch_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ('REQUESTED>OFFERED', 'REQUESTED>AGREED', 'OFFERED>ACCEPTED', 'OFFERED>REQUESTED', 'ACCEPTED>AGREED', 'AGREED>VERIFIED', 'VERIFIED>FINALIZED', 'REQUESTED>VERIFIED', 'AGREED>FINALIZED') THEN
                INSERT INTO illegal_step VALUES (OLD.id || ' ' || OLD.state || '>' || NEW.state || ' ' || coalesce(NEW.reason, ''));
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER watch AFTER UPDATE ON negotiation FOR EACH ROW EXECUTE FUNCTION watch_steps();
        SELECT 1
        """;

    [Fact]
    public async Task Kill_OfEitherSideDuringAThousandNegotiations_LosesNoneAndRepeatsNone()
    {
        await using var processes = await ConnectorProcesses.StartAsync();
        foreach (var side in (string[])[ConnectorProcesses.Provider, ConnectorProcesses.Consumer])
        {
            await processes.ScalarAsync<int>(side, Watch);
        }

        using var officer = processes.Officer(ConnectorProcesses.Consumer);
        var acknowledged = new ConcurrentBag<string>();
        var beginning = Parallel.ForEachAsync(Enumerable.Range(0, Negotiations), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = TestContext.Current.CancellationToken }, async (_, stop) =>
            await Eventually.TrueAsync(async () =>
            {
                using var answer = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", processes.Request(), stop);
                if (answer.IsSuccessStatusCode)
                {
                    acknowledged.Add((string)(await answer.Content.ReadFromJsonAsync<JsonObject>(stop))!["id"]!);
                }

                return answer.IsSuccessStatusCode;
            }, "a negotiation is begun", Patience));

        await ReachedAsync(processes, 100);
        processes.Kill(ConnectorProcesses.Provider);
        await ReachedAsync(processes, 400);
        processes.Kill(ConnectorProcesses.Consumer);
        await beginning;

        foreach (var side in (string[])[ConnectorProcesses.Consumer, ConnectorProcesses.Provider])
        {
            await Eventually.EqualAsync("", async () => await processes.ScalarAsync<string>(side, "SELECT string_agg(concat_ws(' ', state, reason, pending ->> 'path', attempts), E'\\n') FROM negotiation WHERE state <> 'FINALIZED' OR pending IS NOT NULL") ?? "", Patience);
        }

        var begun = await processes.ScalarAsync<long>(ConnectorProcesses.Consumer, "SELECT count(*) FROM negotiation");
        Assert.InRange(begun, Negotiations, Negotiations + 64);
        Assert.Equal(0L, await processes.ScalarAsync<long>(ConnectorProcesses.Consumer, $"SELECT count(*) FROM unnest(ARRAY['{string.Join("','", acknowledged)}']) a(id) WHERE NOT EXISTS (SELECT FROM negotiation n WHERE n.id = a.id)"));
        foreach (var side in (string[])[ConnectorProcesses.Provider, ConnectorProcesses.Consumer])
        {
            Assert.Equal(begun, await processes.ScalarAsync<long>(side, "SELECT count(*) FROM agreement"));
            Assert.Equal(begun, await processes.ScalarAsync<long>(side, "SELECT count(DISTINCT negotiation_id) FROM agreement"));
            Assert.Null(await processes.ScalarAsync<string>(side, "SELECT string_agg(step, E'\\n') FROM illegal_step"));
        }

        Assert.Equal(
            await processes.ScalarAsync<string>(ConnectorProcesses.Consumer, "SELECT md5(string_agg(id, ',' ORDER BY id)) FROM agreement"),
            await processes.ScalarAsync<string>(ConnectorProcesses.Provider, "SELECT md5(string_agg(id, ',' ORDER BY id)) FROM agreement"));
    }

    private static Task ReachedAsync(ConnectorProcesses processes, int count) => Eventually.TrueAsync(
        async () => await processes.ScalarAsync<long>(ConnectorProcesses.Consumer, "SELECT count(*) FROM negotiation WHERE state NOT IN ('REQUESTED')") >= count, $"{count} negotiations have got somewhere", Patience);
}
