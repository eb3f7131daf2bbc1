using System.Security.Claims;
using LivingCity.Gateway.Security;
using Microsoft.AspNetCore.Authentication;

namespace LivingCity.Gateway.Tests;

public sealed class VerifiedTokensTests
{
    private readonly Clock clock = new();

    [Fact]
    public void Token_JustVerified_IsRemembered()
    {
        var tokens = new VerifiedTokens(clock);
        var ticket = Ticket(TimeSpan.FromMinutes(10));
        tokens.Add("Bearer a.b.c", ticket);

        Assert.True(tokens.TryGet("Bearer a.b.c", out var known));
        Assert.Same(ticket, known);
    }

    [Theory]
    [InlineData("Bearer a.b.d")]
    [InlineData("bearer a.b.c")]
    [InlineData("Bearer a.b.c ")]
    [InlineData("")]
    public void OtherText_IsNot(string authorization)
    {
        var tokens = new VerifiedTokens(clock);
        tokens.Add("Bearer a.b.c", Ticket(TimeSpan.FromMinutes(10)));

        Assert.False(tokens.TryGet(authorization, out _));
    }

    [Theory]
    [InlineData(20, 19, true)]
    [InlineData(20, 20, false)]
    [InlineData(600, 59, true)]
    [InlineData(600, 60, false)]
    public void Token_IsRememberedUntilItsEnd_AndAtMostAMinute(int validSeconds, int afterSeconds, bool remembered)
    {
        var tokens = new VerifiedTokens(clock);
        tokens.Add("Bearer a.b.c", Ticket(TimeSpan.FromSeconds(validSeconds)));

        clock.Now += TimeSpan.FromSeconds(afterSeconds);

        Assert.Equal(remembered, tokens.TryGet("Bearer a.b.c", out _));
    }

    [Fact]
    public void ManyTokens_PushTheOldestOut_AndKeepTheLatest()
    {
        var tokens = new VerifiedTokens(clock);
        for (var number = 0; number < 25_000; number++)
        {
            tokens.Add($"Bearer {number}", Ticket(TimeSpan.FromMinutes(10)));
        }

        Assert.False(tokens.TryGet("Bearer 0", out _));
        Assert.All(Enumerable.Range(15_000, 10_000), number => Assert.True(tokens.TryGet($"Bearer {number}", out _)));
    }

    private AuthenticationTicket Ticket(TimeSpan valid) => new(new ClaimsPrincipal(), new AuthenticationProperties { ExpiresUtc = clock.Now + valid }, "test");

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
