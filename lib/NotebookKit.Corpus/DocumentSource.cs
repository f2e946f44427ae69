using System.Text;

namespace NotebookKit.Corpus;

/// <summary>Part of a corpus as UTF-8 text in which each line is a document.</summary>
internal sealed class Piece
{
    public byte[] Bytes = new byte[(1 << 20) + (64 << 10) + WordScanner.Padding];

    /// <summary>The number of bytes of text; at least <see cref="WordScanner.Padding"/> more are readable.</summary>
    public int Length;

    /// <summary>False when the last document goes on in the next piece of the same source.</summary>
    public bool EndsDocument;

    /// <summary>The file it comes from, and where in its text.</summary>
    public string Source = "";
    public long Offset;

    /// <summary>Whether the lines are JSON objects still.</summary>
    public bool IsJsonLines;

    public void Reserve(int length)
    {
        if (Bytes.Length < length + WordScanner.Padding) Array.Resize(ref Bytes, Math.Max(length + WordScanner.Padding, (int)Math.Min(Bytes.Length * 2L, Array.MaxLength)));
    }
}

/// <summary>Hands out a corpus piece by piece.</summary>
internal abstract class DocumentSource : IDisposable
{
    /// <summary>Fills a piece with some whole documents, or with a part of a long one; false at the end. Not thread-safe.</summary>
    public abstract bool Read(Piece piece);

    /// <summary>Stored bytes read so far and in all, 0 when not known.</summary>
    public virtual long BytesRead => 0;
    public virtual long TotalBytes => 0;

    public virtual void Dispose() { }
}

/// <summary>Documents that are strings already.</summary>
internal sealed class StringDocuments(IEnumerable<string> documents) : DocumentSource
{
    private const int Target = 1 << 18;
    private readonly IEnumerator<string> _documents = documents.GetEnumerator();

    public override bool Read(Piece piece)
    {
        piece.Length = 0;
        piece.EndsDocument = true;
        piece.Source = "the documents";
        while (piece.Length < Target && _documents.MoveNext())
        {
            string text = _documents.Current;
            piece.Reserve(piece.Length + Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
            Span<byte> bytes = piece.Bytes.AsSpan(piece.Length);
            int written = Encoding.UTF8.GetBytes(text, bytes);
            bytes[..written].Replace((byte)'\n', (byte)' ');
            bytes[written] = (byte)'\n';
            piece.Length += written + 1;
        }
        return piece.Length > 0;
    }

    public override void Dispose() => _documents.Dispose();
}
