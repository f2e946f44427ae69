using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace NotebookKit.Studies.Data;

/// <summary>The three parts of a data set.</summary>
public enum Split
{
    /// <summary>To learn from: 90 of 100 unless said otherwise.</summary>
    Train,

    /// <summary>To choose settings with: 5 of 100 unless said otherwise.</summary>
    Valid,

    /// <summary>To report on: the rest.</summary>
    Test,
}

/// <summary>Assigns a text to a part by its hash alone, so that a text stays where it is when others come or go.</summary>
public static class StableSplit
{
    /// <summary>
    /// The part of a text: XxHash64 of its UTF-16 code units (little-endian), modulo 100; below <paramref name="train"/> it is
    /// for training, in the next <paramref name="valid"/> for validation, and otherwise for the test.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="train">Percent for training.</param>
    /// <param name="valid">Percent for validation.</param>
    public static Split Of(ReadOnlySpan<char> text, int train = 90, int valid = 5)
    {
        int place = (int)(Hash(text) % 100);
        return place < train ? Split.Train : place < train + valid ? Split.Valid : Split.Test;
    }

    internal static ulong Hash(ReadOnlySpan<char> text)
    {
        if (BitConverter.IsLittleEndian) return XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text));
        return XxHash64.HashToUInt64(System.Text.Encoding.Unicode.GetBytes(text.ToString()));
    }
}
