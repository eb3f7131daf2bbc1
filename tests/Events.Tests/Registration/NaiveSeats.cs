namespace LivingCity.Events.Tests.Registration;

/// <summary>Seats as one would keep them with paper and pencil: lists, and nothing remembered but who sits and who waits. What the service does must look the same.</summary>
internal sealed class NaiveSeats(IReadOnlyDictionary<string, (int? Capacity, string? Group)> sessions)
{
    private readonly Dictionary<string, int?> capacity = sessions.ToDictionary(session => session.Key, session => session.Value.Capacity);

    public Dictionary<string, List<string>> Seated { get; } = sessions.Keys.ToDictionary(session => session, _ => new List<string>());

    public Dictionary<string, List<(string Person, string? GivesUp)>> Queue { get; } = sessions.Keys.ToDictionary(session => session, _ => new List<(string, string?)>());

    public void Register(string person, string session)
    {
        if (Seated[session].Contains(person) || Queue[session].Any(place => place.Person == person) || Others(session).Any(other => Seated[other].Contains(person)))
        {
            return;
        }

        if (IsFree(session) && Queue[session].Count == 0)
        {
            Sit(person, session);
        }
        else
        {
            Queue[session].Add((person, null));
        }
    }

    public void Cancel(string person, string session)
    {
        Leave(person, session);
        MoveUp(session);
    }

    public void Switch(string person, string from, string to)
    {
        if (!Seated[from].Contains(person) || from == to || Seated[to].Contains(person) || Others(to).Any(other => other != from && Seated[other].Contains(person)))
        {
            return;
        }

        var at = Queue[to].FindIndex(place => place.Person == person);
        if (at >= 0)
        {
            Queue[to][at] = (person, from);
        }
        else if (IsFree(to) && Queue[to].Count == 0)
        {
            Leave(person, from);
            Sit(person, to);
            MoveUp(from);
        }
        else
        {
            Queue[to].Add((person, from));
        }
    }

    public void Resize(string session, int? seats)
    {
        capacity[session] = seats;
        MoveUp(session);
    }

    private bool IsFree(string session) => capacity[session] is not { } seats || Seated[session].Count < seats;

    private IEnumerable<string> Others(string session) => sessions[session].Group is { } group ? sessions.Where(other => other.Key != session && other.Value.Group == group).Select(other => other.Key) : [];

    private void Sit(string person, string session)
    {
        Seated[session].Add(person);
        foreach (var other in Others(session))
        {
            Queue[other].RemoveAll(place => place.Person == person && place.GivesUp != session);
        }
    }

    private void Leave(string person, string session)
    {
        Seated[session].Remove(person);
        Queue[session].RemoveAll(place => place.Person == person);
        foreach (var queue in Queue.Values)
        {
            for (var at = 0; at < queue.Count; at++)
            {
                queue[at] = queue[at].Person == person && queue[at].GivesUp == session ? (person, null) : queue[at];
            }
        }
    }

    private void MoveUp(string first)
    {
        var free = new Queue<string>([first]);
        while (free.TryDequeue(out var session))
        {
            while (IsFree(session) && Queue[session].Count > 0)
            {
                var (person, givesUp) = Queue[session][0];
                Queue[session].RemoveAt(0);
                Seated[session].Add(person);
                if (givesUp is not null)
                {
                    Leave(person, givesUp);
                    free.Enqueue(givesUp);
                }

                foreach (var other in Others(session))
                {
                    Queue[other].RemoveAll(place => place.Person == person);
                }
            }
        }
    }
}
