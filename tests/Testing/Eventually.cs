using System.Diagnostics;

namespace LivingCity.Testing;

/// <summary>Waits for what must become true, and fails when it does not: no test waits for a length of time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the condition holds. Failing HTTP calls count as "not yet".</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < (patience ?? Patience))
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or Npgsql.NpgsqlException or TaskCanceledException)
            {
                last = exception;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"Never came true within {(patience ?? Patience).TotalSeconds:0} s: {what}. {last?.Message}");
    }

    /// <summary>Waits until the value is the expected one, and names both when it never is.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> value, TimeSpan? patience = null)
    {
        var last = default(T);
        try
        {
            await TrueAsync(async () => EqualityComparer<T>.Default.Equals(last = await value(), expected), $"expected {expected}", patience);
        }
        catch (Xunit.Sdk.FailException) when (!EqualityComparer<T>.Default.Equals(last, expected))
        {
            Assert.Equal(expected, last);
        }
    }
}
