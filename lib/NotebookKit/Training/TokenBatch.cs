using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>Rows of tokens of different lengths, padded to the longest, on their way into tensors.</summary>
internal sealed class TokenBatch
{
    private readonly long[] _ids, _labels, _attention, _segments;
    private readonly int _rows, _time;

    /// <summary>An empty batch.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="time">Length of the longest.</param>
    /// <param name="paddingId">Id that fills the others up.</param>
    public TokenBatch(int rows, int time, int paddingId)
    {
        (_rows, _time) = (rows, time);
        _ids = new long[rows * time];
        _labels = new long[rows * time];
        _attention = new long[rows * time];
        _segments = new long[rows * time];
        Array.Fill(_ids, paddingId);
        Array.Fill(_labels, Ignored);
    }

    /// <summary>The label of a token that is not predicted.</summary>
    public const int Ignored = TokenLabel.Ignored;

    public void SetIds(int row, ReadOnlySpan<int> ids)
    {
        for (int t = 0; t < ids.Length; t++)
        {
            _ids[row * _time + t] = ids[t];
            _attention[row * _time + t] = 1;
        }
    }

    public void SetLabels(int row, ReadOnlySpan<int> labels)
    {
        for (int t = 0; t < labels.Length; t++) _labels[row * _time + t] = labels[t];
    }

    /// <summary>Puts the tokens of a row from a place on into segment 1.</summary>
    private void SetSecond(int row, int from, int length) => _segments.AsSpan(row * _time + from, length - from).Fill(1);

    /// <summary>Token ids, int64 [batch, time].</summary>
    public Tensor Ids(Device device) => tensor(_ids, [_rows, _time], device: device);

    /// <summary>Labels, int64 [batch, time].</summary>
    public Tensor Labels(Device device) => tensor(_labels, [_rows, _time], device: device);

    /// <summary>1 for a token and 0 for padding, int64 [batch, time]; null when no row is padded, which attention computes faster.</summary>
    public Tensor? AttentionMask(Device device) => _attention.Contains(0) ? tensor(_attention, [_rows, _time], device: device) : null;

    /// <summary>Segment of each token, int64 [batch, time]; null when all are in segment 0.</summary>
    public Tensor? Segments(Device device) => _segments.Contains(1) ? tensor(_segments, [_rows, _time], device: device) : null;

    /// <summary>How many tokens are to be predicted.</summary>
    public int LabelCount => _labels.Length - _labels.AsSpan().Count(Ignored);

    /// <summary>Rows of tokens as one batch.</summary>
    /// <param name="rows">Ids of each row.</param>
    /// <param name="paddingId">Id that fills the shorter rows up.</param>
    /// <param name="left">Whether they are filled up in front, so that all rows end together, as generation wants it.</param>
    /// <param name="shortest">The least length of the batch.</param>
    public static TokenBatch Of(IReadOnlyList<IReadOnlyList<int>> rows, int paddingId, bool left = false, int shortest = 0)
    {
        var batch = new TokenBatch(rows.Count, Math.Max(shortest, rows.Max(row => row.Count)), paddingId);
        for (int row = 0; row < rows.Count; row++)
        {
            int start = row * batch._time + (left ? batch._time - rows[row].Count : 0);
            for (int t = 0; t < rows[row].Count; t++) (batch._ids[start + t], batch._attention[start + t]) = (rows[row][t], 1);
        }
        return batch;
    }

    /// <summary>Rows of tokens in two segments as one batch.</summary>
    /// <param name="rows">Ids of each row, and where its segment 1 begins.</param>
    /// <param name="paddingId">Id that fills the shorter rows up.</param>
    public static TokenBatch OfSegments(IReadOnlyList<(int[] Tokens, int Second)> rows, int paddingId)
    {
        var batch = new TokenBatch(rows.Count, rows.Max(row => row.Tokens.Length), paddingId);
        for (int row = 0; row < rows.Count; row++)
        {
            (int[] tokens, int second) = rows[row];
            batch.SetIds(row, tokens);
            batch.SetSecond(row, second, tokens.Length);
        }
        return batch;
    }

    /// <summary>Ids, and 1 for a token and 0 for padding even when no row is padded, int64 [batch, time] both.</summary>
    public (Tensor Ids, Tensor Mask) IdsAndMask(Device device) => (Ids(device), tensor(_attention, [_rows, _time], device: device));
}

/// <summary>Makes a training example of masked language modelling from one sequence.</summary>
/// <param name="tokenIds">Word pieces with their special tokens, without padding, [time].</param>
/// <param name="inputIds">Receives what the model sees, [time].</param>
/// <param name="labels">Receives the original piece where it is to be predicted, -100 elsewhere, [time].</param>
/// <param name="seed">Root of all draws: the same seed gives the same masks.</param>
public delegate void SequenceMasker(ReadOnlySpan<int> tokenIds, Span<int> inputIds, Span<int> labels, ulong seed);
