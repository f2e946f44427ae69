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

    private readonly BasicTokenizer _tokenizer;
    private readonly bool _lowercase, _punctuationIsWord, _strict;
    private readonly long[] _totals;
    private readonly WordTable _words = new();
    private readonly PieceTable? _pieces;
    private WordTable _memo = new();
    private readonly List<int> _memoIds = [];
    private readonly List<int> _memoStarts = [0];
    private readonly List<int> _recent = [];
    private readonly List<Rune> _runes = [];
    private readonly ArrayBufferWriter<byte> _word = new();
    private Short* _queue = (Short*)NativeMemory.AlignedAlloc(QueueLength * (nuint)sizeof(Short), 64);
    private int _waiting;
    private int[] _ids = [];
    private int _count;
    private long _runStart;

    public WordScanner(NgramCountOptions options, EngineOptions engine)
    {
        _tokenizer = new(options.Lowercase);
        _lowercase = options.Lowercase;
        _punctuationIsWord = options.Punctuation == PunctuationRule.Word;
        _totals = new long[options.MaxLength + 1];
        _strict = engine.Strict;
        if (engine.WordPieces != null) _pieces = new(engine.WordPieces);
    }

    /// <summary>The words met so far, or their pieces, with their counts.</summary>
    public WordTable Words => _pieces?.Pieces ?? _words;

    /// <summary>Ids not yet taken, 0 for a gap.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    /// <summary>By n, the number of n-grams of closed runs; the places 1 to the longest length are used.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>How many invalid UTF-8 sequences were replaced by U+FFFD (which the tokenisation then drops).</summary>
    public long InvalidSequences { get; private set; }

    public long Bytes => _words.Bytes + (_pieces?.Pieces.Bytes ?? 0) + _memo.Bytes + (_memoIds.Capacity * 4L) + (_ids.Length * 4L);

    /// <summary>Forgets the first ids, which the caller has stored.</summary>
    public void Drop(int taken)
    {
        Ids[taken..].CopyTo(_ids);
        _count -= taken;
        _runStart -= taken;
    }

    /// <summary>Scans text in which each line feed ends a document. The text ends with white space, so that no word is cut.</summary>
    /// <param name="buffer">The text, followed by <see cref="Padding"/> readable bytes.</param>
    /// <param name="length">The number of bytes of text.</param>
    /// <param name="place">Names the place of a byte, for an error.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scan(byte[] buffer, int length, Func<long, string> place)
    {
        // A byte gives at most one id: a word or a gap.
        if (_ids.Length < _count + length + 2) Array.Resize(ref _ids, _count + length + 2);
        fixed (byte* start = buffer)
        fixed (Kind* kinds = Kinds)
        {
            byte* end = start + length;
            for (byte* p = start; p < end;)
            {
                // The word that begins here: its letters and digits among the next 16 bytes, in lower case, zeros behind.
                var raw = Vector128.Load(p);
                Vector128<byte> lower = raw | Vector128.Create((byte)0x20);
                var letter = Vector128.LessThan(lower - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
                var digit = Vector128.LessThan(raw - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
                int bytes = BitOperations.TrailingZeroCount(~(letter | digit).ExtractMostSignificantBits());
                Kind next = kinds[p[bytes]];
                if (bytes > 0 && next != Kind.General && bytes < WordTable.InlineBytes && !(next == Kind.Punctuation && Composes(p + bytes)))
                {
                    Vector128<ulong> kept = ((_lowercase ? raw | (letter & Vector128.Create((byte)0x20)) : raw) & Vector128.LessThan(Index, Vector128.Create((byte)bytes))).AsUInt64();
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
                    case Kind.Punctuation: Wait(_punctuationIsWord ? *p : 0UL, 0); p++; break;
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
        foreach (long total in _totals) writer.Write(total);
        Words.Save(writer);
    }

    public void Restore(BinaryReader reader)
    {
        InvalidSequences = reader.ReadInt64();
        for (int n = 0; n < _totals.Length; n++) _totals[n] = reader.ReadInt64();
        Words.Restore(reader);
    }

    public void Dispose()
    {
        _words.Dispose();
        _pieces?.Pieces.Dispose();
        _memo.Dispose();
        NativeMemory.AlignedFree(_queue);
        _queue = null;
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
        if (_count - _runStart <= 0)
        {
            _runStart = _count;
            return;
        }
        long run = _count - _runStart;
        // A run of L words holds L − n + 1 n-grams.
        for (int n = 1; n < _totals.Length && n <= run; n++) _totals[n] += run - n + 1;
        _ids[_count++] = 0;
        _runStart = _count;
    }

    /// <summary>Lets a short word, or a gap (0), wait until its slot has been fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Wait(ulong low, ulong high)
    {
        _words.Prefetch(low, high);
        _queue[_waiting++] = new Short(low, high);
        if (_waiting == QueueLength) CountWaiting();
    }

    /// <summary>Counts what waits, in its order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountWaiting()
    {
        Short* last = _queue + _waiting;
        _waiting = 0;
        fixed (int* target = _ids)
        {
            for (Short* next = _queue; next < last; next++)
            {
                if (next->Low == 0) Gap();
                else
                {
                    int id = _words.Count(next->Low, next->High);
                    if (_pieces == null) target[_count++] = id;
                    else EmitPieces(id, TextOf(next));
                }
            }
        }
    }

    /// <summary>Whether &lt;, = or > may compose with a stroke behind it to another character.</summary>
    private bool Composes(byte* p) => !_lowercase && p[1] >= 0x80 && *p is >= (byte)'<' and <= (byte)'>';

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
        if (_memo.Words == MemoEntries) ForgetMemo();
        int entry = _memo.Count(stretch);
        if (entry == _memoStarts.Count)
        {
            long invalid = InvalidSequences;
            Tokenize(stretch, p - start, place);
            // What was invalid is to be counted every time: no memo of it.
            if (InvalidSequences == invalid) _memoIds.AddRange(_recent);
            else _memoIds.Add(NoMemo);
            _memoStarts.Add(_memoIds.Count);
            return q;
        }
        foreach (int id in CollectionsMarshal.AsSpan(_memoIds)[_memoStarts[entry - 1].._memoStarts[entry]])
        {
            if (id == NoMemo) Tokenize(stretch, p - start, place);
            else Emit(id, default);
        }
        return q;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tokenize(ReadOnlySpan<byte> stretch, long offset, Func<long, string> place)
    {
        _recent.Clear();
        _runes.Clear();
        for (int at = 0, read; at < stretch.Length; at += read)
        {
            if (Rune.DecodeFromUtf8(stretch[at..], out Rune rune, out read) != OperationStatus.Done)
            {
                if (_strict) throw new InvalidDataException($"{place(offset + at)}: the byte 0x{stretch[at]:X2} is not valid UTF-8 here. Convert the file to UTF-8, or let what is invalid be replaced.");
                InvalidSequences++;
            }
            _runes.Add(rune);
        }
        _tokenizer.Compose(_runes);
        Span<Rune> parts = stackalloc Rune[BasicTokenizer.MaxParts];
        foreach (Rune rune in _runes)
        {
            if (BasicTokenizer.IsSpace(rune)) CloseWord();
            else
                foreach (Rune kept in parts[.._tokenizer.Normalize(rune, parts)]) Take(kept);
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
        if (!_punctuationIsWord && BasicTokenizer.IsPunctuation(rune))
        {
            Found(0, default);
            return;
        }
        Append(rune);
        CloseWord();
    }

    private void Append(Rune rune) => _word.Advance(rune.EncodeToUtf8(_word.GetSpan(4)));

    private void CloseWord()
    {
        if (_word.WrittenCount == 0) return;
        Found(_words.Count(_word.WrittenSpan, weight: 0), _word.WrittenSpan);
        _word.ResetWrittenCount();
    }

    private void Found(int id, ReadOnlySpan<byte> text)
    {
        _recent.Add(id);
        Emit(id, text);
    }

    private void Emit(int id, ReadOnlySpan<byte> text)
    {
        if (id == 0)
        {
            Gap();
            return;
        }
        _words.Count(id);
        if (_pieces != null) EmitPieces(id, text);
        else _ids[_count++] = id;
    }

    private void EmitPieces(int id, ReadOnlySpan<byte> text)
    {
        foreach (int piece in _pieces!.Of(id, text))
        {
            if (piece == 0)
            {
                Gap();
                continue;
            }
            _pieces.Pieces.Count(piece);
            _ids[_count++] = piece;
        }
    }

    private void ForgetMemo()
    {
        _memo.Dispose();
        _memo = new();
        _memoIds.Clear();
        _memoStarts.Clear();
        _memoStarts.Add(0);
    }
}
