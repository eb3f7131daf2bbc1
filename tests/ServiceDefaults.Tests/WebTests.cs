using System.Net;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Web;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class WebTests(Infrastructure infrastructure)
{
    [Fact]
    public void Paging_ThroughAllRows_NeitherSkipsNorRepeats()
    {
        var rows = Enumerable.Range(1, 10).ToArray();
        var seen = new List<int>();
        for (string? cursor = null; ;)
        {
            var page = PageRequest.From<int?>(3, cursor);
            var context = new DefaultHttpContext();
            context.Request.Path = "/rows";
            seen.AddRange(page.Take(context, [.. rows.Where(row => row > (page.After ?? 0)).Take(page.Limit + 1)], row => row));
            if (context.Response.Headers.Link.Count == 0)
            {
                break;
            }

            cursor = context.Response.Headers.Link[0]!.Split("cursor=")[1].Split('>')[0];
        }

        Assert.Equal(rows, seen);
    }

    [Fact]
    public void ETag_OfAnotherVersion_IsStale()
    {
        var context = new DefaultHttpContext();
        Assert.Equal(428, Assert.Throws<ProblemException>(() => context.Request.RequireVersion(3)).Details.Status);

        context.Request.Headers.IfMatch = "\"2\"";
        Assert.Equal(412, Assert.Throws<ProblemException>(() => context.Request.RequireVersion(3)).Details.Status);

        context.Request.Headers.IfMatch = "\"3\"";
        context.Request.RequireVersion(3);
        context.Response.SetVersion(3);
        context.Request.Headers.IfNoneMatch = context.Response.Headers.ETag;
        Assert.True(context.Request.Has(3));
        Assert.False(context.Request.Has(4));
    }

    [Fact]
    public async Task RateLimit_OfOneCaller_DoesNotHinderAnother()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure, null, null, "--RateLimits:PerSecond=10", "--RateLimits:Burst=20");
        using var eager = sample.As("sofia", "data-officer", "eager");
        using var calm = sample.As("sofia", "data-officer", "calm");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => eager.GetAsync("/officer")));
        var other = await calm.GetAsync("/officer", TestContext.Current.CancellationToken);

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.True(answers.Count(answer => answer.IsSuccessStatusCode) >= 20);
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
    }
}
