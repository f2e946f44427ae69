namespace NotebookKit.Corpus;

/// <summary>A stream that can only be read, made of chunks that are asked for one by one.</summary>
/// <param name="chunks">The bytes.</param>
/// <param name="owned">What is disposed with the stream.</param>
internal sealed class ChunkStream(IEnumerable<ReadOnlyMemory<byte>> chunks, IDisposable owned) : Stream
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _chunks = chunks.GetEnumerator();
    private ReadOnlyMemory<byte> _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_left.IsEmpty)
        {
            if (!_chunks.MoveNext()) return 0;
            _left = _chunks.Current;
        }
        int taken = Math.Min(_left.Length, buffer.Length);
        _left.Span[..taken].CopyTo(buffer);
        _left = _left[taken..];
        return taken;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _chunks.Dispose();
            owned.Dispose();
        }
        base.Dispose(disposing);
    }
}
