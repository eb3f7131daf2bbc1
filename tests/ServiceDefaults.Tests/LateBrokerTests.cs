using LivingCity.ServiceDefaults.Messaging;
using LivingCity.Testing;
using MassTransit;

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>The broker does not answer for a while. What waited for it gives up, and begins anew when it answers.</summary>
public sealed class LateBrokerTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Publisher_ThatGaveUpConnecting_ConnectsLater()
    {
        var broker = await infrastructure.CreateVirtualHostAsync();
        using var gate = new BrokerGate(broker);
        await using var publisher = new OutboxPublisher(new Broker(gate.Address));
        await using var listener = await TestBus.StartAsync(broker);
        var heard = await listener.ListenAsync<Noted>();

        // Given up during the attempt and before it: MassTransit does not return from a start whose token has ended already.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            using var patience = new CancellationTokenSource();
            var connecting = publisher.ConnectAsync(patience.Token);
            await Eventually.TrueAsync(() => Task.FromResult(gate.Refused >= attempt), "the gate is knocked at");
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndsAsync(connecting));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndsAsync(publisher.ConnectAsync(patience.Token)));
        }

        gate.Open();
        await EndsAsync(publisher.ConnectAsync(TestContext.Current.CancellationToken));
        var note = new Noted(Guid.NewGuid(), "late");
        await EndsAsync(publisher.PublishAsync(note, typeof(Noted), context => context.MessageId = note.Id, TestContext.Current.CancellationToken));
        await Eventually.TrueAsync(() => Task.FromResult(heard.Contains(note)), "the note is heard");
    }

    [Fact]
    public async Task Bus_ThrownAwayBeforeItListens_DoesNotComeBack()
    {
        using var gate = new BrokerGate(await infrastructure.CreateVirtualHostAsync());
        var bus = new RunningBus(new Broker(gate.Address), rabbit => rabbit.ReceiveEndpoint("late", endpoint => endpoint.Handler<Noted>(_ => Task.CompletedTask)));
        await Eventually.TrueAsync(() => Task.FromResult(gate.Refused > 0), "the gate is knocked at");

        await EndsAsync(bus.DisposeAsync().AsTask());

        // MassTransit's words once it has given the start up and stopped what it had begun.
        await Eventually.TrueAsync(() => Task.FromResult(bus.Bus.CheckHealth().Description is { } state && (state.Contains("start faulted", StringComparison.Ordinal) || state.Contains("stopped", StringComparison.Ordinal))), "the bus has stopped");
    }

    /// <summary>Fails where it would wait for ever.</summary>
    private static Task EndsAsync(Task task) => task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
