using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LivingCity.Assessment.Exchange;

/// <summary>A workbook of tables of text (Office Open XML, ECMA-376, SpreadsheetML), as far as forms need one.</summary>
internal static class Workbook
{
    private const long LargestPart = 20 * 1024 * 1024;

    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Write(IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<string>> Rows)> sheets)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
                + string.Concat(sheets.Select((_, i) => $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")) + "</Types>");
            Add(zip, "_rels/.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add(zip, "xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"r{i + 1}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>")) + "</Relationships>");
            Add(zip, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets>"
                + string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{SecurityElement.Escape(sheet.Name)}\" sheetId=\"{i + 1}\" r:id=\"r{i + 1}\"/>")) + "</sheets></workbook>");
            foreach (var (index, sheet) in sheets.Index())
            {
                Add(zip, $"xl/worksheets/sheet{index + 1}.xml", Sheet(sheet.Rows));
            }
        }

        return memory.ToArray();
    }

    /// <summary>Reads every sheet. Each row is as long as its last filled cell.</summary>
    /// <exception cref="InvalidDataException">It is no workbook, or too large.</exception>
    /// <exception cref="XmlException">A part is no XML.</exception>
    public static Dictionary<string, List<List<string>>> Read(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        var shared = zip.GetEntry("xl/sharedStrings.xml") is null ? [] : Load(zip, "xl/sharedStrings.xml").Root!.Elements(Main + "si").Select(Plain).ToArray();
        var targets = Load(zip, "xl/_rels/workbook.xml.rels").Root!.Elements().ToDictionary(relation => (string)relation.Attribute("Id")!, relation => ((string)relation.Attribute("Target")!).TrimStart('/'));
        return Load(zip, "xl/workbook.xml").Descendants(Main + "sheet").ToDictionary(
            sheet => (string)sheet.Attribute("name")!,
            sheet =>
            {
                var target = targets[(string)sheet.Attribute(Relations + "id")!];
                return Load(zip, target.StartsWith("xl/", StringComparison.Ordinal) ? target : $"xl/{target}").Descendants(Main + "row").Select(row => Row(row, shared)).ToList();
            },
            StringComparer.OrdinalIgnoreCase);
    }

    private static List<string> Row(XElement row, string[] shared)
    {
        var cells = new List<string>();
        foreach (var cell in row.Elements(Main + "c"))
        {
            var column = ((string?)cell.Attribute("r"))?.TakeWhile(char.IsAsciiLetter).Aggregate(0, (number, letter) => (number * 26) + (char.ToUpperInvariant(letter) - 'A' + 1)) ?? cells.Count + 1;
            if (column is < 1 or > 1000)
            {
                throw new InvalidDataException("A row is too long.");
            }

            while (cells.Count < column)
            {
                cells.Add("");
            }

            cells[column - 1] = (string?)cell.Attribute("t") switch
            {
                "s" => int.TryParse(cell.Element(Main + "v")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Length ? shared[index] : "",
                "inlineStr" => cell.Element(Main + "is") is { } text ? Plain(text) : "",
                _ => cell.Element(Main + "v")?.Value ?? "",
            };
        }

        return cells;
    }

    private static string Plain(XElement text) => string.Concat(text.Descendants(Main + "t").Select(part => part.Value));

    private static XDocument Load(ZipArchive zip, string name)
    {
        var entry = zip.GetEntry(name) ?? throw new InvalidDataException($"The workbook lacks {name}.");
        if (entry.Length > LargestPart)
        {
            throw new InvalidDataException($"{name} is too large.");
        }

        using var reader = XmlReader.Create(entry.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = LargestPart });
        return XDocument.Load(reader);
    }

    private static string Sheet(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var xml = new StringBuilder($"<worksheet xmlns=\"{Main}\"><sheetData>");
        foreach (var (index, row) in rows.Index())
        {
            xml.Append(CultureInfo.InvariantCulture, $"<row r=\"{index + 1}\">");
            foreach (var (column, cell) in row.Index().Where(cell => cell.Item.Length > 0))
            {
                xml.Append(CultureInfo.InvariantCulture, $"<c r=\"{Letters(column)}{index + 1}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(cell)}</t></is></c>");
            }

            xml.Append("</row>");
        }

        return xml.Append("</sheetData></worksheet>").ToString();
    }

    private static string Letters(int column) => column < 26 ? ((char)('A' + column)).ToString() : Letters((column / 26) - 1) + (char)('A' + (column % 26));

    private static void Add(ZipArchive zip, string name, string xml)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml));
    }
}
