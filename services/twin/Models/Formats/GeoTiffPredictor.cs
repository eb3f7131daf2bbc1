using System.Buffers.Binary;

namespace LivingCity.Twin.Models.Formats;

/// <summary>Undoes the differencing that compressors of TIFF apply along a row: 2 differences whole samples, 3 (Adobe technical note 3) differences the bytes of floats, sorted by significance.</summary>
internal static class GeoTiffPredictor
{
    public static void Undo(int predictor, byte[] data, int width, int samples, int size, bool littleEndian)
    {
        var stride = width * samples * size;
        for (var start = 0; predictor > 1 && start < data.Length; start += stride)
        {
            var row = data.AsSpan(start, stride);
            if (predictor == 2)
            {
                UndoHorizontal(row, samples, size, littleEndian);
            }
            else if (predictor == 3)
            {
                UndoFloat(row, width * samples, samples, size);
            }
            else
            {
                throw new InvalidDataException($"Predictor {predictor} is not known.");
            }
        }
    }

    private static void UndoHorizontal(Span<byte> row, int samples, int size, bool littleEndian)
    {
        for (var i = samples * size; i < row.Length; i += size)
        {
            Span<byte> at = row.Slice(i, size), before = row.Slice(i - samples * size, size);
            switch (size)
            {
                case 1: at[0] += before[0]; break;
                case 2 when littleEndian: BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(at) + BinaryPrimitives.ReadUInt16LittleEndian(before))); break;
                case 2: BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(at) + BinaryPrimitives.ReadUInt16BigEndian(before))); break;
                case 4 when littleEndian: BinaryPrimitives.WriteUInt32LittleEndian(at, BinaryPrimitives.ReadUInt32LittleEndian(at) + BinaryPrimitives.ReadUInt32LittleEndian(before)); break;
                case 4: BinaryPrimitives.WriteUInt32BigEndian(at, BinaryPrimitives.ReadUInt32BigEndian(at) + BinaryPrimitives.ReadUInt32BigEndian(before)); break;
                default: throw new InvalidDataException("Differences of 64 bits are not known.");
            }
        }
    }

    // The bytes come most significant plane first whatever the file's byte order; the result is little-endian.
    private static void UndoFloat(Span<byte> row, int count, int samples, int size)
    {
        for (var i = samples; i < row.Length; i++)
        {
            row[i] += row[i - samples];
        }

        var planes = row.ToArray();
        for (var i = 0; i < count; i++)
        {
            for (var b = 0; b < size; b++)
            {
                row[i * size + b] = planes[(size - 1 - b) * count + i];
            }
        }
    }
}
