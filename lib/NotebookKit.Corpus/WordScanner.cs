using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;

namespace NotebookKit.Corpus;

/// <summary>
/// Turns UTF-8 text into word ids: <see cref="BasicTokenizer"/>'s tokens, with 0 wherever no n-gram may cross (the end of a document,
/// and by default a punctuation mark). ASCII words are cut, lower-cased and interned 16 bytes at a time, some words after their slot of the table has been asked for; any other stretch goes rune
/// by rune through <see cref="BasicTokenizer"/> the first time it is seen, and through a memo afterwards.
/// </summary>
internal sealed unsafe class WordScanner : IDisposable
{
    /// <summary>How many readable bytes must follow the text.</summary>
    public const int Padding = 32;

    // Far enough ahead that a slot has come from memory when it is asked for, and few enough that it has not left the cache.
    private const int QueueLength = 64;

    private const int MemoBytes = 64, MemoEntries = 1 << 20, NoMemo = -1;

    private enum Kind : byte { Word, Space, LineEnd, Punctuation, General }

    private static readonly Kind[] Kinds = [.. Enumerable.Range(0, 256).Select(Classify)];

    private readonly BasicTokenizer tokenizer;
    private readonly bool lowercase, punctuationIsWord, strict;
    private readonly long[] totals;
    private readonly WordTable words = new();
    private readonly PieceTable? pieces;
    private WordTable memo = new();
    private readonly List<int> memoIds = [];
    private readonly List<int> memoStarts = [0];
    private readonly List<int> recent = [];
    private readonly List<Rune> runes = [];
    private readonly ArrayBufferWriter<byte> word = new();
    private Short* queue = (Short*)NativeMemory.AlignedAlloc(QueueLength * (nuint)sizeof(Short), 64);
    private int waiting;
    private int[] ids = [];
    private int count;
    private long runStart;

    public WordScanner(NgramCountOptions options, EngineOptions engine)
    {
        tokenizer = new(options.Lowercase);
        lowercase = options.Lowercase;
        punctuationIsWord = options.Punctuation == PunctuationRule.Word;
        totals = new long[options.MaxLength + 1];
        strict = engine.Strict;
        if (engine.WordPieces != null) pieces = new(engine.WordPieces);
    }

    /// <summary>The words met so far, or their pieces, with their counts.</summary>
    public WordTable Words => pieces?.Pieces ?? words;

    /// <summary>Ids not yet taken, 0 for a gap.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, count);

    /// <summary>By n, the number of n-grams of closed runs; the places 1 to the longest length are used.</summary>
    public ReadOnlySpan<long> Totals => totals;

    /// <summary>How many invalid UTF-8 sequences were replaced by U+FFFD (which the tokenisation then drops).</summary>
    public long InvalidSequences { get; private set; }

    public long Bytes => words.Bytes + (pieces?.Pieces.Bytes ?? 0) + memo.Bytes + (memoIds.Capacity * 4L) + (ids.Length * 4L);

    /// <summary>Forgets the first ids, which the caller has stored.</summary>
    public void Drop(int taken)
    {
        Ids[taken..].CopyTo(ids);
        count -= taken;
        runStart -= taken;
    }

    /// <summary>Scans text in which each line feed ends a document. The text ends with white space, so that no word is cut.</summary>
    /// <param name="buffer">The text, followed by <see cref="Padding"/> readable bytes.</param>
    /// <param name="length">The number of bytes of text.</param>
    /// <param name="place">Names the place of a byte, for an error.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scan(byte[] buffer, int length, Func<long, string> place)
    {
        // A byte gives at most one id: a word or a gap.
        if (ids.Length < count + length + 2) Array.Resize(ref ids, count + length + 2);
        fixed (byte* start = buffer)
        fixed (Kind* kinds = Kinds)
        {
            byte* end = start + length;
            for (byte* p = start; p < end;)
            {
                // The word that begins here: its letters and digits among the next 16 bytes, in lower case, zeros behind.
                Vector128<byte> raw = Vector128.Load(p);
                Vector128<byte> lower = raw | Vector128.Create((byte)0x20);
                Vector128<byte> letter = Vector128.LessThan(lower - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
                Vector128<byte> digit = Vector128.LessThan(raw - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
                int bytes = BitOperations.TrailingZeroCount(~(letter | digit).ExtractMostSignificantBits());
                Kind next = kinds[p[bytes]];
                if (bytes > 0 && next != Kind.General && bytes < WordTable.InlineBytes && !(next == Kind.Punctuation && Composes(p + bytes)))
                {
                    Vector128<ulong> kept = ((lowercase ? raw | (letter & Vector128.Create((byte)0x20)) : raw) & Vector128.LessThan(Index, Vector128.Create((byte)bytes))).AsUInt64();
                    Wait(kept.ToScalar(), kept.GetElement(1));
                    // The space behind it, if it is one, goes with it. Taken from the vector, so that the next load does not wait for the table of kinds.
                    uint spaces = Vector128.Equals(raw, Vector128.Create((byte)' ')).ExtractMostSignificantBits();
                    p += bytes + ((spaces >> bytes) & 1);
                    continue;
                }
                if (bytes > 0)
                {
                    p = ScanStretch(p, end, start, place);
                    continue;
                }
                switch (next)
                {
                    case Kind.Space: p++; break;
                    case Kind.LineEnd: Wait(0, 0); p++; break;
                    case Kind.Punctuation when Composes(p): p = ScanStretch(p, end, start, place); break;
                    case Kind.Punctuation: Wait(punctuationIsWord ? *p : 0UL, 0); p++; break;
                    default: p = ScanStretch(p, end, start, place); break;
                }
            }
            CountWaiting();
        }
    }

    /// <summary>Writes what has been counted; no ids are waiting.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(InvalidSequences);
        foreach (long total in totals) writer.Write(total);
        Words.Save(writer);
    }

    public void Restore(BinaryReader reader)
    {
        InvalidSequences = reader.ReadInt64();
        for (int n = 0; n < totals.Length; n++) totals[n] = reader.ReadInt64();
        Words.Restore(reader);
    }

    public void Dispose()
    {
        words.Dispose();
        pieces?.Pieces.Dispose();
        memo.Dispose();
        NativeMemory.AlignedFree(queue);
        queue = null;
    }

    /// <summary>A word of up to 15 bytes, with zeros behind.</summary>
    private readonly record struct Short(ulong Low, ulong High);

    private static ReadOnlySpan<byte> TextOf(Short* word)
    {
        ReadOnlySpan<byte> bytes = new(word, sizeof(Short));
        return bytes[..bytes.IndexOf((byte)0)];
    }

    private static Vector128<byte> Index => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    private static Kind Classify(int value) => value switch
    {
        '\n' => Kind.LineEnd,
        >= 0x80 => Kind.General,
        _ when BasicTokenizer.IsSpace(new Rune(value)) => Kind.Space,
        _ when char.IsAsciiLetterOrDigit((char)value) => Kind.Word,
        _ when BasicTokenizer.IsPunctuation(new Rune(value)) => Kind.Punctuation,
        _ => Kind.General,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gap()
    {
        if (count - runStart <= 0)
        {
            runStart = count;
            return;
        }
        long run = count - runStart;
        // A run of L words holds L − n + 1 n-grams.
        for (int n = 1; n < totals.Length && n <= run; n++) totals[n] += run - n + 1;
        ids[count++] = 0;
        runStart = count;
    }

    /// <summary>Lets a short word, or a gap (0), wait until its slot has been fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Wait(ulong low, ulong high)
    {
        words.Prefetch(low, high);
        queue[waiting++] = new Short(low, high);
        if (waiting == QueueLength) CountWaiting();
    }

    /// <summary>Counts what waits, in its order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountWaiting()
    {
        Short* last = queue + waiting;
        waiting = 0;
        fixed (int* target = ids)
        {
            for (Short* next = queue; next < last; next++)
            {
                if (next->Low == 0) Gap();
                else
                {
                    int id = words.Count(next->Low, next->High);
                    if (pieces == null) target[count++] = id;
                    else EmitPieces(id, TextOf(next));
                }
            }
        }
    }

    /// <summary>Whether &lt;, = or > may compose with a stroke behind it to another character.</summary>
    private bool Composes(byte* p) => !lowercase && p[1] >= 0x80 && *p is >= (byte)'<' and <= (byte)'>';

    /// <summary>Words, control characters and anything beyond ASCII, up to the next ASCII space or punctuation mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* ScanStretch(byte* p, byte* end, byte* start, Func<long, string> place)
    {
        CountWaiting();
        byte* q = p + 1;
        while (q < end && (Kinds[*q] is Kind.Word or Kind.General || Composes(q))) q++;
        ReadOnlySpan<byte> stretch = new(p, (int)(q - p));
        if (stretch.Length > MemoBytes || stretch.Contains((byte)0))
        {
            Tokenize(stretch, p - start, place);
            return q;
        }
        if (memo.Words == MemoEntries) ForgetMemo();
        int entry = memo.Count(stretch);
        if (entry == memoStarts.Count)
        {
            long invalid = InvalidSequences;
            Tokenize(stretch, p - start, place);
            // What was invalid is to be counted every time: no memo of it.
            if (InvalidSequences == invalid) memoIds.AddRange(recent);
            else memoIds.Add(NoMemo);
            memoStarts.Add(memoIds.Count);
            return q;
        }
        foreach (int id in CollectionsMarshal.AsSpan(memoIds)[memoStarts[entry - 1]..memoStarts[entry]])
        {
            if (id == NoMemo) Tokenize(stretch, p - start, place);
            else Emit(id, default);
        }
        return q;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tokenize(ReadOnlySpan<byte> stretch, long offset, Func<long, string> place)
    {
        recent.Clear();
        runes.Clear();
        for (int at = 0, read; at < stretch.Length; at += read)
        {
            if (Rune.DecodeFromUtf8(stretch[at..], out Rune rune, out read) != OperationStatus.Done)
            {
                if (strict) throw new InvalidDataException($"{place(offset + at)}: the byte 0x{stretch[at]:X2} is not valid UTF-8 here. Convert the file to UTF-8, or let what is invalid be replaced.");
                InvalidSequences++;
            }
            runes.Add(rune);
        }
        tokenizer.Compose(runes);
        Span<Rune> parts = stackalloc Rune[BasicTokenizer.MaxParts];
        foreach (Rune rune in runes)
        {
            if (BasicTokenizer.IsSpace(rune)) CloseWord();
            else
                foreach (Rune kept in parts[..tokenizer.Normalize(rune, parts)]) Take(kept);
        }
        CloseWord();
    }

    private void Take(Rune rune)
    {
        if (!BasicTokenizer.StandsAlone(rune))
        {
            Append(rune);
            return;
        }
        CloseWord();
        if (!punctuationIsWord && BasicTokenizer.IsPunctuation(rune))
        {
            Found(0, default);
            return;
        }
        Append(rune);
        CloseWord();
    }

    private void Append(Rune rune) => word.Advance(rune.EncodeToUtf8(word.GetSpan(4)));

    private void CloseWord()
    {
        if (word.WrittenCount == 0) return;
        Found(words.Count(word.WrittenSpan, weight: 0), word.WrittenSpan);
        word.ResetWrittenCount();
    }

    private void Found(int id, ReadOnlySpan<byte> text)
    {
        recent.Add(id);
        Emit(id, text);
    }

    private void Emit(int id, ReadOnlySpan<byte> text)
    {
        if (id == 0)
        {
            Gap();
            return;
        }
        words.Count(id);
        if (pieces != null) EmitPieces(id, text);
        else ids[count++] = id;
    }

    private void EmitPieces(int id, ReadOnlySpan<byte> text)
    {
        foreach (int piece in pieces!.Of(id, text))
        {
            if (piece == 0)
            {
                Gap();
                continue;
            }
            pieces.Pieces.Count(piece);
            ids[count++] = piece;
        }
    }

    private void ForgetMemo()
    {
        memo.Dispose();
        memo = new();
        memoIds.Clear();
        memoStarts.Clear();
        memoStarts.Add(0);
    }
}
