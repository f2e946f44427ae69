using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace NotebookKit.Runner.Site;

/// <summary>
/// Rewrites a PNG with a palette of at most 256 colours. A chart has few colours and their blends at the edges of letters and lines,
/// so the eye sees no difference while the file falls to about a quarter: committed notebooks carry many.
/// </summary>
internal static class PalettePng
{
    private const int PaletteSize = 256;

    // Squared distance in RGB below which two colours may share a place of the palette, and above which the loss would show.
    private const int SharedWithin = 10 * 10;
    private const int VisibleFrom = 40 * 40;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The smaller picture; the given one if it is of another kind than browsers write, has too many colours, or would not shrink.</summary>
    internal static byte[] Shrink(byte[] png)
    {
        if (Decode(png) is not var (pixels, width, height) || Quantize(pixels) is not var (palette, indices))
        {
            return png;
        }

        byte[] smaller = Encode(palette, indices, width, height);
        return smaller.Length < png.Length ? smaller : png;
    }

    /// <summary>The colours of all pixels, row by row, on white; null if this is not a plain eight-bit RGB or RGBA picture.</summary>
    internal static (int[] Pixels, int Width, int Height)? Decode(ReadOnlySpan<byte> png)
    {
        if (png.Length < 33 || !png.StartsWith(Signature))
        {
            return null;
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(png[16..]);
        int height = BinaryPrimitives.ReadInt32BigEndian(png[20..]);
        var (depth, kind, interlace) = (png[24], png[25], png[28]);
        if (depth != 8 || kind is not (2 or 6) || interlace != 0)
        {
            return null;
        }

        using var packed = new MemoryStream();
        for (int at = 8; at + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (png.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png.Slice(at + 8, length));
            }

            at += 12 + length;
        }

        packed.Position = 0;
        int channels = kind == 6 ? 4 : 3;
        int stride = width * channels;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        byte[] line = new byte[stride + 1];
        var (above, current) = (new byte[stride], new byte[stride]);
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++)
        {
            unpacked.ReadExactly(line);
            Unfilter(line[0], line.AsSpan(1), above, current, channels);
            for (int x = 0; x < width; x++)
            {
                var p = current.AsSpan(x * channels, channels);
                int alpha = channels == 4 ? p[3] : 255;
                int OnWhite(byte c) => ((c * alpha) + (255 * (255 - alpha)) + 127) / 255;
                pixels[(y * width) + x] = (OnWhite(p[0]) << 16) | (OnWhite(p[1]) << 8) | OnWhite(p[2]);
            }

            (above, current) = (current, above);
        }

        return (pixels, width, height);
    }

    /// <summary>Undoes the filter of one row (PNG specification, section 9).</summary>
    private static void Unfilter(byte filter, ReadOnlySpan<byte> row, byte[] above, byte[] current, int channels)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? current[i - channels] : 0;
            int up = above[i];
            int corner = i >= channels ? above[i - channels] : 0;
            current[i] = (byte)(row[i] + filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException($"The picture has an unknown row filter {filter}."),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    /// <summary>The commonest colours, none too near to another, and for each pixel the nearest of them; null if the loss would show.</summary>
    private static (int[] Palette, byte[] Indices)? Quantize(int[] pixels)
    {
        var counts = new Dictionary<int, int>();
        foreach (int pixel in pixels)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, pixel, out _)++;
        }

        // Equal counts fall back on the colour itself, so that the same picture always gives the same bytes.
        var common = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key);
        var palette = new List<int>(PaletteSize);
        foreach (int color in common)
        {
            if (palette.Count == PaletteSize)
            {
                break;
            }

            if (counts.Count <= PaletteSize || palette.All(p => Distance(p, color) > SharedWithin))
            {
                palette.Add(color);
            }
        }

        var place = new Dictionary<int, byte>(counts.Count);
        foreach (int color in counts.Keys)
        {
            var (best, nearest) = (0, int.MaxValue);
            for (int i = 0; i < palette.Count && nearest > 0; i++)
            {
                int distance = Distance(palette[i], color);
                if (distance < nearest)
                {
                    (best, nearest) = (i, distance);
                }
            }

            if (nearest > VisibleFrom)
            {
                return null;
            }

            place[color] = (byte)best;
        }

        return ([.. palette], Array.ConvertAll(pixels, p => place[p]));
    }

    private static int Distance(int a, int b)
    {
        var (red, green, blue) = ((a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255));
        return (red * red) + (green * green) + (blue * blue);
    }

    private static byte[] Encode(int[] palette, byte[] indices, int width, int height)
    {
        using var png = new MemoryStream();
        png.Write(Signature);

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3); // eight bits, palette
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "PLTE"u8, [.. palette.SelectMany(c => new[] { (byte)(c >> 16), (byte)(c >> 8), (byte)c })]);

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // filters help gradients; flat colours pack best as they are
                zlib.Write(indices, y * width, width);
            }
        }

        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        var sum = new Crc32();
        sum.Append(type);
        sum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
