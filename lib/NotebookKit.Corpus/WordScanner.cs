using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using NotebookKit.Pmi;
using NotebookKit.Tokenizers;
using Short = NotebookKit.Corpus.WordTable.Short;

namespace NotebookKit.Corpus;

/// <summary>
/// Turns UTF-8 text into word ids: <see cref="BasicTokenizer"/>'s tokens, with 0 wherever no n-gram may cross (the end of a document,
/// and by default a punctuation mark). ASCII is lower-cased and cut 64 bytes at a time, and its words are interned some words after their slot
/// of the table has been asked for; any other stretch goes rune by rune through <see cref="BasicTokenizer"/> the first time it is seen, and
/// through a memo afterwards.
/// </summary>
internal sealed unsafe class WordScanner : IDisposable
{
    /// <summary>How many readable bytes must follow the text.</summary>
    public const int Padding = Block;

    // Far enough ahead that a slot has come from memory when it is asked for, and few enough that it has not left the cache.
    private const int QueueLength = 64;

    private const int MemoBytes = 64, MemoEntries = 1 << 20, NoMemo = -1;

    // What a byte that ends a word does: nothing more; it is a mark or a gap; it makes the whole stretch one that goes rune by rune; or that only before a stroke that it may compose with.
    private const byte Nothing = 0, Entry = 1, Stretch = 2, Composing = 3;

    private const int Block = 64;

    private enum Kind : byte { Word, Space, LineEnd, Punctuation, General }

    private static readonly Kind[] Kinds = [.. Enumerable.Range(0, 256).Select(Classify)];

    /// <summary>By the number of bytes of a word, up to 15, which of the 16 bytes from its first on are its own: two integers each.</summary>
    private static readonly ulong[] Masks = [.. Enumerable.Range(0, WordTable.InlineBytes).SelectMany(bytes => new[] { FirstBytes(bytes), FirstBytes(bytes - sizeof(ulong)) })];

    private readonly BasicTokenizer _tokenizer;
    private readonly bool _lowercase, _punctuationIsWord, _strict;
    private readonly byte[] _ends;
    private readonly ulong[] _marks;
    private readonly long[] _totals;
    private readonly ulong[] _open;
    private readonly WordTable _words = new();
    private readonly PieceTable? _pieces;
    private WordTable _memo = new();
    private readonly List<int> _memoIds = [];
    private readonly List<int> _memoStarts = [0];
    private readonly List<int> _recent = [];
    private readonly List<Rune> _runes = [];
    private readonly ArrayBufferWriter<byte> _word = new();
    private Short* _queue = (Short*)NativeMemory.AlignedAlloc((QueueLength + 1) * (nuint)sizeof(Short), 64);
    private int[] _ids = [];
    private int _count;

    public WordScanner(NgramCountOptions options, EngineOptions engine)
    {
        _tokenizer = new(options.Lowercase);
        _lowercase = options.Lowercase;
        _punctuationIsWord = options.Punctuation == PunctuationRule.Word;
        _totals = new long[options.MaxLength + 1];
        _open = new ulong[options.MaxLength + 1];
        _ends = [.. Kinds.Select((kind, value) => kind switch
        {
            Kind.Space => Nothing,
            Kind.Punctuation when !_lowercase && IsComposing((byte)value) => Composing,
            Kind.LineEnd or Kind.Punctuation => Entry,
            _ => Stretch,
        })];
        _marks = [.. Kinds.Select((kind, value) => kind == Kind.Punctuation && _punctuationIsWord ? (ulong)value : 0)];
        _strict = engine.Strict;
        if (engine.WordPieces != null) _pieces = new(engine.WordPieces);
    }

    /// <summary>The words met so far, or their pieces, with their counts.</summary>
    public WordTable Words => _pieces?.Pieces ?? _words;

    /// <summary>Ids not yet taken, 0 for a gap.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    /// <summary>By n, the number of n-grams; the places 1 to the longest length are used.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>How many invalid UTF-8 sequences were replaced by U+FFFD (which the tokenisation then drops).</summary>
    public long InvalidSequences { get; private set; }

    public long Bytes => _words.Bytes + (_pieces?.Pieces.Bytes ?? 0) + _memo.Bytes + (_memoIds.Capacity * 4L) + (_ids.Length * 4L);

    /// <summary>Forgets the first ids, which the caller has stored.</summary>
    public void Drop(int taken)
    {
        Ids[taken..].CopyTo(_ids);
        _count -= taken;
    }

    /// <summary>Scans text in which each line feed ends a document. The text ends with white space, so that no word is cut.</summary>
    /// <param name="buffer">The text, followed by <see cref="Padding"/> readable bytes; it becomes lower-case where words are.</param>
    /// <param name="length">The number of bytes of text.</param>
    /// <param name="endsDocument">Whether the last document ends with the text.</param>
    /// <param name="place">Names the place of a byte, for an error.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scan(byte[] buffer, int length, bool endsDocument, Func<long, string> place)
    {
        int before = _count;
        // A byte gives at most one id: a word or a gap.
        if (_ids.Length < _count + length + 2) Array.Resize(ref _ids, _count + length + 2);
        fixed (byte* start = buffer, ends = _ends)
        fixed (ulong* marks = _marks, masks = Masks)
        {
            byte* end = start + length;
            if (_lowercase) LowerCase(start, end);
            // Where the next word begins, and where it will wait.
            byte* p = start;
            Short* next = _queue;
            for (byte* block = start; block < end; block += Block)
            {
                ulong bounds = Bounds(block);
                if (end - block < Block) bounds &= (1UL << (int)(end - block)) - 1;
                for (; bounds != 0; bounds &= bounds - 1)
                {
                    byte* bound = block + BitOperations.TrailingZeroCount(bounds);
                    long bytes = bound - p;
                    int what = ends[*bound];
                    if (bytes >= WordTable.InlineBytes || (what > Entry && (what == Stretch || bound[1] >= 0x80)))
                    {
                        next = CountWaiting(next);
                        p = ScanStretch(p, end, start, place);
                        block = p - Block;
                        break;
                    }
                    // Whether a word ends here, and whether a mark or a gap follows, is not to be predicted: both are written, and stay where there is one.
                    ulong low = ((ulong*)p)[0] & masks[2 * bytes], high = ((ulong*)p)[1] & masks[(2 * bytes) + 1];
                    _words.Prefetch(low, high);
                    *next = new Short(low, high);
                    next += Unsafe.BitCast<bool, byte>(bytes > 0);
                    *next = new Short(marks[*bound], 0);
                    next += what & Entry;
                    if (next >= _queue + QueueLength - 1) next = CountWaiting(next);
                    p = bound + 1;
                }
            }
            CountWaiting(next);
        }
        IdRuns.CountEnds(Ids[before..], _totals, _open);
        // Where a document goes on, the first or the last ids are another block's too, and stay as they are.
        if (before == 0 && endsDocument) _count = IdRuns.Compact(_ids.AsSpan(0, _count));
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

    private static ReadOnlySpan<byte> TextOf(Short* word)
    {
        ReadOnlySpan<byte> bytes = new(word, sizeof(Short));
        return bytes[..bytes.IndexOf((byte)0)];
    }

    private static Kind Classify(int value) => value switch
    {
        '\n' => Kind.LineEnd,
        >= 0x80 => Kind.General,
        _ when BasicTokenizer.IsSpace(new Rune(value)) => Kind.Space,
        _ when char.IsAsciiLetterOrDigit((char)value) => Kind.Word,
        _ when BasicTokenizer.IsPunctuation(new Rune(value)) => Kind.Punctuation,
        _ => Kind.General,
    };

    private static ulong FirstBytes(int count) => count >= sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * Math.Max(0, count))) - 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LowerCase(byte* start, byte* end)
    {
        for (byte* p = start; p < end; p += Vector256<byte>.Count)
        {
            var raw = Vector256.Load(p);
            var capital = Vector256.LessThan(raw - Vector256.Create((byte)'A'), Vector256.Create((byte)26));
            (raw | (capital & Vector256.Create((byte)0x20))).Store(p);
        }
    }

    /// <summary>Which of the next 64 bytes are no ASCII letters or digits, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bounds(byte* block) => ~(InWords(block) | ((ulong)InWords(block + Vector256<byte>.Count) << Vector256<byte>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint InWords(byte* p)
    {
        var raw = Vector256.Load(p);
        var letter = Vector256.LessThan((raw | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
        var digit = Vector256.LessThan(raw - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        return (letter | digit).ExtractMostSignificantBits();
    }

    private void Gap() => _ids[_count++] = 0;

    /// <summary>Counts the words and marks that wait, in their order; the next may wait in their place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Short* CountWaiting(Short* last)
    {
        if (_pieces == null)
        {
            fixed (int* target = _ids) _words.Count(_queue, last, target + _count);
            _count += (int)(last - _queue);
            return _queue;
        }
        for (Short* next = _queue; next < last; next++)
        {
            int id = _words.Count(next->Low, next->High);
            if (id == 0) Gap();
            else EmitPieces(id, TextOf(next));
        }
        return _queue;
    }

    private static bool IsComposing(byte value) => value is >= (byte)'<' and <= (byte)'>';

    /// <summary>Whether &lt;, = or > may compose with a stroke behind it to another character.</summary>
    private bool Composes(byte* p) => !_lowercase && p[1] >= 0x80 && IsComposing(*p);

    /// <summary>Words, control characters and anything beyond ASCII, up to the next ASCII space or punctuation mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* ScanStretch(byte* p, byte* end, byte* start, Func<long, string> place)
    {
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
