namespace NotebookKit.Corpus;

/// <summary>
/// Documents from files, in stripes of text: a piece holds the lines that begin in one stripe. With shares, stripe s of file f
/// belongs to share (f + s) mod k, so that shares are even, whole documents, and the same on every machine.
/// </summary>
internal sealed class FileDocuments(IReadOnlyList<CorpusFile> files, EngineOptions engine) : DocumentSource
{
    private readonly int _stripeBytes = engine.Stripe, _longPiece = engine.Stripe * EngineOptions.StripesOfLongLine;

    private int _file = -1;
    private Stream? _text, _stored;
    private long _offset, _stripe, _finishedBytes;
    private bool _insideDocument, _atEnd, _isJsonLines;
    private byte[] _carry = [];
    private int _carried;

    public override long TotalBytes { get; } = files.Sum(file => file.Length);

    public override long BytesRead => _finishedBytes + (_stored is { CanSeek: true } ? _stored.Position : 0);

    /// <summary>Where the next piece begins: a file's number, and a byte of its text.</summary>
    public (int File, long Offset) Position => _text == null ? (_file + 1, 0) : (_file, _offset);

    /// <summary>Goes to a position between two documents.</summary>
    public void Seek(int toFile, long toOffset)
    {
        _file = toFile - 1;
        _finishedBytes = files.Take(toFile).Sum(finished => finished.Length);
        if (toOffset == 0 || !OpenNext()) return;
        byte[] skipped = new byte[1 << 16];
        for (_offset = 0; _offset < toOffset;)
        {
            int read = _text!.Read(skipped, 0, (int)Math.Min(skipped.Length, toOffset - _offset));
            if (read == 0) throw new IOException($"'{files[_file].Name}' has become shorter since the run that is to be resumed.");
            _offset += read;
        }
    }

    public override bool Read(Piece piece)
    {
        while (_text != null || OpenNext())
        {
            try
            {
                Fill(piece);
            }
            catch (Exception e) when (IsFault(e) || e is InvalidDataException)
            {
                throw Unreadable(e);
            }
            if (_atEnd && _carried == 0) Close();
            if (piece.Length > 0 && (_file + _stripe) % engine.Shard.Of == engine.Shard.Index - 1) return true;
        }
        return false;
    }

    public override void Dispose() => Close();

    private static bool IsFault(Exception e) => e is IOException or ZstdSharp.ZstdException or ICSharpCode.SharpZipLib.SharpZipBaseException;

    private IOException Unreadable(Exception e) => new(
        $"'{files[_file].Name}' cannot be read beyond byte {_offset} of its text: {e.Message.TrimEnd('.')}. If it is compressed, it may be truncated or damaged; fetch it again.", e);

    private bool OpenNext()
    {
        if (++_file >= files.Count) return false;
        _offset = 0;
        try
        {
            _text = files[_file].OpenText(engine.JsonField, out _stored, out _isJsonLines);
        }
        catch (Exception e) when (IsFault(e))
        {
            throw Unreadable(e);
        }
        (_offset, _stripe, _insideDocument, _atEnd, _carried) = (0, 0, false, false, 0);
        return true;
    }

    private void Close()
    {
        _finishedBytes += _stored is { CanSeek: true } ? _stored.Position : 0;
        _text?.Dispose();
        _text = _stored = null;
    }

    private void Fill(Piece piece)
    {
        if (!_insideDocument) _stripe = _offset / _stripeBytes;
        // The piece ends with the first line that ends at or behind this place; a document that goes on ends where it ends.
        int target = _insideDocument ? 0 : (int)(((_stripe + 1) * _stripeBytes) - _offset);
        (piece.Source, piece.Offset, piece.IsJsonLines) = (files[_file].Name, _offset, _isJsonLines);
        piece.Reserve(_carried);
        _carry.AsSpan(0, _carried).CopyTo(piece.Bytes);
        int length = _carried;
        int cut;
        bool endsDocument = true;
        for (int searched = Math.Max(0, target - 1); ;)
        {
            if (searched < length)
            {
                int feed = piece.Bytes.AsSpan(searched, length - searched).IndexOf((byte)'\n');
                if (feed >= 0)
                {
                    cut = searched + feed + 1;
                    break;
                }
                searched = length;
            }
            if (_atEnd)
            {
                // The last line may lack its line feed; it may also have been cut where the file ends.
                if (length > 0 ? piece.Bytes[length - 1] != '\n' : _insideDocument)
                {
                    piece.Reserve(length + 1);
                    piece.Bytes[length++] = (byte)'\n';
                }
                cut = length;
                break;
            }
            if (length >= _longPiece && (cut = CutInside(piece, length)) > 0)
            {
                endsDocument = piece.Bytes[cut - 1] == '\n';
                break;
            }
            if (length > (Array.MaxLength - WordScanner.Padding) / 2)
                throw new InvalidDataException($"a {(piece.IsJsonLines ? "line of JSON" : "stretch without white space")} is longer than 1 GB.");
            int wanted = length < _longPiece ? Math.Max(target - length, 0) + Math.Max(_stripeBytes / 16, 16) : length;
            piece.Reserve(length + wanted);
            int read = _text!.Read(piece.Bytes, length, wanted);
            _atEnd = read == 0;
            length += read;
        }
        _carried = length - cut;
        if (_carry.Length < _carried) _carry = new byte[Math.Max(_carried, _stripeBytes)];
        piece.Bytes.AsSpan(cut, _carried).CopyTo(_carry);
        piece.Length = cut;
        piece.EndsDocument = endsDocument;
        _insideDocument = !endsDocument;
        _offset += cut;
    }

    /// <summary>Where a piece that no line feed ends is cut: after its last whole line, or else after a space, or nowhere (0).</summary>
    private static int CutInside(Piece piece, int length)
    {
        ReadOnlySpan<byte> bytes = piece.Bytes.AsSpan(0, length);
        int cut = bytes.LastIndexOf((byte)'\n') + 1;
        return cut > 0 || piece.IsJsonLines ? cut : bytes.LastIndexOfAny(" \t\r"u8) + 1;
    }
}

/// <summary>The i-th of k equal shares of a corpus.</summary>
/// <param name="Index">Which one, from 1.</param>
/// <param name="Of">How many there are.</param>
public readonly record struct Shard(int Index, int Of)
{
    /// <summary>The whole corpus.</summary>
    public static Shard Whole => new(1, 1);

    /// <summary>Reads <c>i/k</c>.</summary>
    /// <exception cref="FormatException">It is not two whole numbers with 1 ≤ i ≤ k.</exception>
    public static Shard Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], out int index) && int.TryParse(parts[1], out int of) && index >= 1 && index <= of
            ? new(index, of)
            : throw new FormatException($"'{text}' is no share of the input: write i/k with 1 <= i <= k, for example 2/8.");
    }
}
