namespace LivingCity.AppHost.Embedded;

internal static class PrivateFile
{
    /// <summary>Writes a file that only its owner can read, replacing an older one as a whole.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(text);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
