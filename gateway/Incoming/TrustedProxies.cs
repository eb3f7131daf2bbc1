using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace LivingCity.Gateway.Incoming;

/// <summary>The proxies in front of the gateway whose word about the caller is believed. Section <c>ForwardedHeaders</c>; without one, nobody's is.</summary>
internal sealed class TrustedProxySettings
{
    /// <summary>Addresses of single proxies.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>Networks (CIDR) in which every address is a trusted proxy.</summary>
    public IReadOnlyList<string> KnownNetworks { get; init; } = [];

    /// <summary>How many proxies stand in a row. Default 1.</summary>
    public int ForwardLimit { get; init; } = 1;
}

internal static class TrustedProxies
{
    private const string Section = "ForwardedHeaders";

    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        // The AppHost and container images set it for every project; it would make ASP.NET Core believe any caller.
        builder.Configuration["FORWARDEDHEADERS_ENABLED"] = "false";
        builder.Services.AddOptions<TrustedProxySettings>().BindConfiguration(Section)
            .Validate(settings => settings.KnownProxies.All(proxy => IPAddress.TryParse(proxy, out _)), $"{Section}:KnownProxies must be addresses like 10.1.2.3.")
            .Validate(settings => settings.KnownNetworks.All(network => IPNetwork.TryParse(network, out _)), $"{Section}:KnownNetworks must be networks like 10.1.0.0/16.")
            .Validate(settings => settings.ForwardLimit is >= 1 and <= 10, $"{Section}:ForwardLimit must be from 1 to 10.")
            .ValidateOnStart();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TrustedProxySettings>>((options, settings) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = settings.Value.ForwardLimit;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            settings.Value.KnownProxies.Select(IPAddress.Parse).ToList().ForEach(options.KnownProxies.Add);
            settings.Value.KnownNetworks.Select(IPNetwork.Parse).ToList().ForEach(options.KnownIPNetworks.Add);
        });
    }

    /// <summary>Takes over what a trusted proxy says, then drops every such header: from here on only the gateway speaks about its caller.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<IOptions<TrustedProxySettings>>().Value;
        if (settings.KnownProxies.Count + settings.KnownNetworks.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.Use((context, next) =>
        {
            DropClaims(context.Request.Headers);
            return next(context);
        });
    }

    private static void DropClaims(IHeaderDictionary headers)
    {
        List<string>? claims = null;
        foreach (var (name, _) in headers)
        {
            if (IsClaim(name))
            {
                (claims ??= []).Add(name);
            }
        }

        claims?.ForEach(name => headers.Remove(name));
    }

    private static bool IsClaim(string name) => name.Length > 6 && name[0] is 'X' or 'x' or 'F' or 'f'
        && (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase));
}
