using System.Text.Json;
using System.Text.Json.Serialization;

namespace LivingCity.AppHost.Embedded;

internal static class DashboardJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
}
