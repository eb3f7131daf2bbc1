using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Registrations;

/// <summary>A registration as it is answered (ETSI GS CIM 009, clause 5.2.9).</summary>
internal static class RegistrationAnswer
{
    public static JsonObject Write(RegistrationRow row, LdContext names, bool sysAttrs)
    {
        var answer = new JsonObject { ["id"] = row.Id, ["type"] = RegistrationDocument.TypeName };
        foreach (var (member, value) in RegistrationDocument.Compact(row.Document, names))
        {
            answer[member] = value?.DeepClone();
        }

        if (row.TimesSent > 0)
        {
            answer["status"] = row.LastFailure is { } failure && !(row.LastSuccess >= failure) ? "failed" : "ok";
            answer["timesSent"] = row.TimesSent;
            answer["timesFailed"] = row.TimesFailed;
            AddTime(answer, "lastSuccess", row.LastSuccess);
            AddTime(answer, "lastFailure", row.LastFailure);
        }

        if (sysAttrs)
        {
            AddTime(answer, "createdAt", row.CreatedAt);
            AddTime(answer, "modifiedAt", row.ModifiedAt);
        }

        return answer;
    }

    private static void AddTime(JsonObject answer, string member, DateTime? time)
    {
        if (time is { } known)
        {
            answer[member] = Instants.Write(known);
        }
    }
}
