using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace NotebookKit.Data;

/// <summary>The three parts of a data set.</summary>
public enum Split
{
    /// <summary>To learn from: 90 of 100.</summary>
    Train,

    /// <summary>To choose settings with: 5 of 100.</summary>
    Valid,

    /// <summary>To report on: 5 of 100.</summary>
    Test,
}

/// <summary>Assigns a text to a part by its hash alone, so that a text stays where it is when others come or go.</summary>
public static class StableSplit
{
    /// <summary>The part of a text: XxHash64 of its UTF-16 code units (little-endian), modulo 100, below 90, 95 or 100.</summary>
    public static Split Of(ReadOnlySpan<char> text) => (Hash(text) % 100) switch
    {
        < 90 => Split.Train,
        < 95 => Split.Valid,
        _ => Split.Test,
    };

    internal static ulong Hash(ReadOnlySpan<char> text)
    {
        if (BitConverter.IsLittleEndian) return XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text));
        return XxHash64.HashToUInt64(System.Text.Encoding.Unicode.GetBytes(text.ToString()));
    }
}
