namespace LivingCity.Gateway.Portal.Live;

/// <summary>
/// The latest updates of one city and who listens to them. A position is <c>epoch.number</c>: the epoch is this replica's, from when it began to listen without a gap, so
/// that a position of another replica, or of before a gap, is recognised as unknown. Safe for concurrent use.
/// </summary>
internal sealed class CityFeed(LiveSettings settings)
{
    private readonly Lock gate = new();
    private readonly Queue<(LiveUpdate Update, Guid? Message)> buffer = new();
    private readonly HashSet<Guid> messages = [];
    private readonly List<Subscription> subscriptions = [];
    private string epoch = NewEpoch();
    private long last;
    private int characters;

    public int Listeners
    {
        get
        {
            lock (gate)
            {
                return subscriptions.Count;
            }
        }
    }

    /// <summary>Sends an update to everyone who listens. A message that is delivered a second time is not sent again.</summary>
    public void Publish(Guid? message, string data)
    {
        lock (gate)
        {
            if (message is { } id && !messages.Add(id))
            {
                return;
            }

            var update = new LiveUpdate(LiveUpdate.Observations, $"{epoch}.{++last}", data);
            buffer.Enqueue((update, message));
            characters += data.Length;
            while (buffer.Count > settings.BufferedUpdates || (characters > settings.BufferedCharacters && buffer.Count > 1))
            {
                Forget(buffer.Dequeue());
            }

            Send(update);
        }
    }

    /// <summary>Messages may have been missed: what is remembered is worth nothing, and everyone reads anew.</summary>
    public void Restart()
    {
        lock (gate)
        {
            epoch = NewEpoch();
            last = 0;
            buffer.Clear();
            messages.Clear();
            characters = 0;
            Send(Reset());
        }
    }

    /// <summary>Listens from a position on. From one that is not known, or from none, the first thing heard is that everything is to be read anew.</summary>
    public Subscription Subscribe(string? position)
    {
        lock (gate)
        {
            var subscription = new Subscription(Since(position), settings.WaitingUpdates, Remove);
            subscriptions.Add(subscription);
            return subscription;
        }
    }

    private LiveUpdate[] Since(string? position)
    {
        if (position is null || !position.StartsWith($"{epoch}.", StringComparison.Ordinal)
            || !long.TryParse(position.AsSpan(epoch.Length + 1), System.Globalization.CultureInfo.InvariantCulture, out var number)
            || number < last - buffer.Count || number > last)
        {
            return [Reset()];
        }

        return [.. buffer.Skip(buffer.Count - (int)(last - number)).Select(entry => entry.Update)];
    }

    private LiveUpdate Reset() => new(LiveUpdate.Reset, $"{epoch}.{last}", "{}");

    private void Send(LiveUpdate update) => subscriptions.RemoveAll(subscription => !subscription.Offer(update));

    private void Forget((LiveUpdate Update, Guid? Message) entry)
    {
        characters -= entry.Update.Data.Length;
        if (entry.Message is { } id)
        {
            messages.Remove(id);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (gate)
        {
            subscriptions.Remove(subscription);
        }
    }

    private static string NewEpoch() => Guid.CreateVersion7().ToString("N");
}

/// <summary>One thing that a stream says.</summary>
/// <param name="Kind">Name of the server-sent event.</param>
/// <param name="Position">From where a client that heard this goes on.</param>
/// <param name="Data">JSON.</param>
internal sealed record LiveUpdate(string Kind, string Position, string Data)
{
    public const string Observations = "observations";
    public const string Reset = "reset";
    public const string Heartbeat = "heartbeat";
}
