using System.Text;

namespace LivingCity.Twin.Models.Formats;

/// <summary>Records of RFC 4180 (quotes, doubled quotes, line breaks inside quotes); CsvHelper would take its place in a project that maps records to types.</summary>
internal static class CsvText
{
    /// <summary>Splits a text into records, each with the line on which it starts; the delimiter is the most frequent of comma, semicolon and tab in the first line.</summary>
    public static IEnumerable<(int Line, List<string> Cells)> Records(TextReader reader)
    {
        var text = reader.ReadToEnd().TrimStart('\uFEFF');
        var delimiter = Delimiter(text.AsSpan(0, text.AsSpan().IndexOf('\n') is >= 0 and var end ? end : text.Length));
        var cell = new StringBuilder();
        List<string> cells = [];
        int line = 1, startLine = 1;
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var character = i < text.Length ? text[i] : '\n';
            line += character == '\n' ? 1 : 0;
            if (quoted && i < text.Length)
            {
                if (character != '"')
                {
                    cell.Append(character);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[i++]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character == delimiter || character == '\n')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
                if (character == '\n')
                {
                    if (cells.Count > 1 || cells[0].Length > 0)
                    {
                        yield return (startLine, cells);
                    }

                    cells = [];
                    startLine = line;
                }
            }
            else
            {
                cell.Append(character);
            }
        }
    }

    public static void WriteRecord(TextWriter writer, IEnumerable<string> cells) => writer.Write(string.Join(',', cells.Select(Quote)) + "\r\n");

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n;") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static char Delimiter(ReadOnlySpan<char> header)
    {
        int commas = header.Count(','), semicolons = header.Count(';'), tabs = header.Count('\t');
        return commas >= semicolons && commas >= tabs ? ',' : semicolons >= tabs ? ';' : '\t';
    }
}
