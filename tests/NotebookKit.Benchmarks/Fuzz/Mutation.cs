using System.Buffers.Binary;
using System.Text;

namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>Small random changes of valid inputs, by a generator that is seeded for each input.</summary>
internal static class Mutation
{
    private static readonly ulong[] Numbers = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF];

    private static readonly string[] Digits = ["-1", "0", "00", "2147483648", "9223372036854775808", "99999999999999999999999999", "1e999", "-0.0", "1.5", "NaN", "null", "[]", "{}", "\"\"", "true"];

    /// <summary>The generator of one input: the same for a seed and a number, whatever was tried before.</summary>
    public static Random For(int seed, long input) => new(unchecked((int)((uint)seed * 0x9E3779B1u + (ulong)input * 0x85EBCA6Bu)));

    /// <summary>One of the inputs with one to five changes.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="valid">Valid inputs.</param>
    /// <param name="pieces">Marks of the format, to be put anywhere.</param>
    public static byte[] Of(Random random, IReadOnlyList<byte[]> valid, IReadOnlyList<string> pieces)
    {
        var bytes = valid[random.Next(valid.Count)].ToArray();
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(bytes.Length + 1);
            int end = Math.Min(bytes.Length, at + random.Next(1, random.Next(4) == 0 ? 200 : 9));
            switch (random.Next(9))
            {
                case 0 when bytes.Length > 0: bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8)); break;
                case 1 when bytes.Length > 0: bytes[random.Next(bytes.Length)] = (byte)random.Next(256); break;
                case 2: Overwrite(bytes, at, Numbers[random.Next(Numbers.Length)], 1 << random.Next(4)); break;
                case 3: bytes = [.. bytes[..at], .. bytes[end..]]; break;
                case 4: bytes = [.. bytes[..end], .. bytes[at..]]; break;
                case 5 when pieces.Count > 0: bytes = [.. bytes[..at], .. Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Count)]), .. bytes[(random.Next(2) == 0 ? at : end)..]]; break;
                case 6: bytes = ReplaceNumber(random, bytes, at); break;
                case 7 when random.Next(4) == 0: bytes = bytes[..at]; break;
                case 8 when random.Next(4) == 0:
                    var other = valid[random.Next(valid.Count)];
                    bytes = [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
                    break;
            }
        }
        return bytes;
    }

    private static void Overwrite(byte[] bytes, int at, ulong number, int length)
    {
        Span<byte> little = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(little, number);
        for (int i = 0; i < length && at + i < bytes.Length; i++) bytes[at + i] = little[i];
    }

    /// <summary>Another value for the next run of digits.</summary>
    private static byte[] ReplaceNumber(Random random, byte[] bytes, int from)
    {
        int start = from;
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start])) start++;
        int end = start;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end])) end++;
        return [.. bytes[..start], .. Encoding.ASCII.GetBytes(Digits[random.Next(Digits.Length)]), .. bytes[end..]];
    }
}
