using System.Text.Json;

namespace LivingCity.AppHost.Embedded;

/// <summary>What a running stack leaves in its data folder for the commands <c>down</c> and <c>status</c>.</summary>
internal sealed record RunningStack(int ProcessId, Uri Dashboard)
{
    public static void Write(string folder, RunningStack stack) => PrivateFile.Write(FileIn(folder), JsonSerializer.Serialize(stack));

    public static void Clear(string folder) => File.Delete(FileIn(folder));

    /// <summary>The stack that holds the folder; null when none does, or it has only just begun to start.</summary>
    public static RunningStack? Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        using var claim = DataFolder.TryClaim(folder);
        return claim is null && File.Exists(FileIn(folder)) ? JsonSerializer.Deserialize<RunningStack>(File.ReadAllText(FileIn(folder))) : null;
    }

    private static string FileIn(string folder) => Path.Combine(folder, "stack.json");
}
