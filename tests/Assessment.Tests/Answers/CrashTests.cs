using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.Http.Headers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Answers;

/// <summary>The service killed while three people type.</summary>
public sealed class CrashTests(Infrastructure infrastructure)
{
    private static readonly string[] Questions = ["services.online", "people.trained", "governance.budget"];

    [Fact]
    public async Task Kill_WhileThreePeopleType_LosesAtMostTheAnswerInFlight()
    {
        var (database, broker) = (await infrastructure.CreateDatabaseAsync(), await infrastructure.CreateVirtualHostAsync());
        var port = FreePort();
        var process = Start(port, database, broker);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", infrastructure.Issuer.Token("sofia", "data-officer")) } };
            await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, "the service is ready");
            var path = await Respondent.StartAsync(client);
            using var typing = new CancellationTokenSource();
            var confirmed = new int[Questions.Length];
            var typists = Questions.Select((_, person) => TypeAsync(client, path, person, confirmed, typing.Token)).ToArray();
            for (var round = 0; round < 3; round++)
            {
                var before = confirmed.Sum();
                await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref confirmed[0]) + confirmed[1] + confirmed[2] > before + 20), "answers are saved");
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                process.Dispose();
                process = Start(port, database, broker);
                await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, "the service is ready again");
            }

            await typing.CancelAsync();
            await Task.WhenAll(typists);
            var answers = (await Respondent.ReadAsync(client, path))["answers"]!;
            for (var person = 0; person < Questions.Length; person++)
            {
                // What was confirmed is there, or the one after it, whose confirmation was lost.
                var stored = (int)Math.Round((double)answers[Questions[person]]!["value"]! * 1000);
                Assert.InRange(stored, confirmed[person], confirmed[person] + 1);
            }
        }
        finally
        {
            process.Kill();
            process.Dispose();
        }
    }

    /// <summary>Types 0.001, 0.002, ...: the next only when the last is confirmed. After a lost answer it repeats, and a conflict with its own lost answer is none.</summary>
    private static async Task TypeAsync(HttpClient client, string path, int person, int[] confirmed, CancellationToken stop)
    {
        var version = 0L;
        while (!stop.IsCancellationRequested)
        {
            var next = confirmed[person] + 1;
            try
            {
                using var saved = await Respondent.SaveAsync(client, path, Questions[person], next / 1000.0, version);
                if (saved.StatusCode == HttpStatusCode.NoContent)
                {
                    version = long.Parse(saved.Headers.ETag!.Tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
                    Volatile.Write(ref confirmed[person], next);
                }
                else
                {
                    Assert.NotEqual(HttpStatusCode.PreconditionFailed, saved.StatusCode);
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private Process Start(int port, string database, string broker)
    {
        // The tests' output has the service beside it.
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "LivingCity.Assessment.dll")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ConnectionStrings__database"] = database;
        start.Environment["ConnectionStrings__messaging"] = broker;
        start.Environment["Authentication__Authority"] = infrastructure.Issuer.Authority;
        start.Environment["Logging__LogLevel__Default"] = "Error";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
