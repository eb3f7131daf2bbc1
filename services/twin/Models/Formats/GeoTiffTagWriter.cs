using System.Buffers.Binary;
using System.Text;

namespace LivingCity.Twin.Models.Formats;

/// <summary>Collects tags and lays out a little-endian TIFF: header, image data, tag values, directory.</summary>
internal sealed class GeoTiffTagWriter
{
    private readonly SortedDictionary<ushort, (ushort Type, int Count, byte[] Data)> _tags = [];

    public void Short(ushort tag, params int[] values) => Add(tag, 3, values.Length, 2, (span, i) => BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)values[i]));

    public void Long(ushort tag, int[] values) => Add(tag, 4, values.Length, 4, (span, i) => BinaryPrimitives.WriteInt32LittleEndian(span, values[i]));

    public void Double(ushort tag, double[] values) => Add(tag, 12, values.Length, 8, (span, i) => BinaryPrimitives.WriteDoubleLittleEndian(span, values[i]));

    public void Text(ushort tag, string text) => _tags[tag] = (2, text.Length + 1, Encoding.ASCII.GetBytes(text + '\0'));

    public byte[] Assemble(List<byte[]> strips)
    {
        var offsets = new int[strips.Count];
        var position = 8;
        for (var i = 0; i < strips.Count; i++)
        {
            offsets[i] = position;
            // Values must start at even addresses.
            position = checked(position + strips[i].Length + (strips[i].Length & 1));
        }

        Long(GeoTiffTags.StripOffsets, offsets);
        var directory = position + _tags.Values.Where(t => t.Data.Length > 4).Sum(t => t.Data.Length + (t.Data.Length & 1));
        var file = new byte[directory + 2 + 12 * _tags.Count + 4];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), directory);
        for (var i = 0; i < strips.Count; i++)
        {
            strips[i].CopyTo(file, offsets[i]);
        }

        var entry = file.AsSpan(directory);
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)_tags.Count);
        entry = entry[2..];
        foreach (var (tag, (type, count, data)) in _tags)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], count);
            if (data.Length <= 4)
            {
                data.CopyTo(entry[8..]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(entry[8..], position);
                data.CopyTo(file, position);
                position += data.Length + (data.Length & 1);
            }

            entry = entry[12..];
        }

        return file;
    }

    private void Add(ushort tag, ushort type, int count, int size, WriteValue write)
    {
        var data = new byte[count * size];
        for (var i = 0; i < count; i++)
        {
            write(data.AsSpan(i * size), i);
        }

        _tags[tag] = (type, count, data);
    }

    private delegate void WriteValue(Span<byte> target, int index);
}
