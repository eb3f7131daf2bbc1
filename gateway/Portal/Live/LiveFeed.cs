using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>The feeds of all cities of the installation, as this replica hears them.</summary>
internal sealed class LiveFeed(IOptions<LiveSettings> settings)
{
    private readonly ConcurrentDictionary<string, CityFeed> cities = new(StringComparer.Ordinal);
    private volatile bool listening;

    /// <summary>Whether the broker is being heard right now.</summary>
    public bool IsListening => listening;

    public CityFeed Of(string city) => cities.GetOrAdd(city, _ => new CityFeed(settings.Value));

    /// <summary>The queue is there (again). What was published while it was not, nobody has kept for us.</summary>
    public void Begin()
    {
        foreach (var city in cities.Values)
        {
            city.Restart();
        }

        listening = true;
    }

    public void Lose() => listening = false;
}
