using System.Numerics;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// Adafactor's update of one matrix or vector in three passes over its memory; library calls make about twenty. A vector is a matrix of one
/// row whose columns' second moments are its own.
/// </summary>
internal readonly unsafe struct AdafactorPass
{
    private readonly float* _x, _g, _mean;
    private readonly int _rows, _columns, _rowsOfBlock;
    private readonly float _scale;

    /// <summary>Looks at a parameter whose tensors are plain and have at most two dimensions.</summary>
    /// <param name="parameter">x.</param>
    /// <param name="gradient">Its gradient before clipping.</param>
    /// <param name="mean">The running mean of updates, or null.</param>
    /// <param name="scale">What clipping multiplies the gradient with.</param>
    internal AdafactorPass(Tensor parameter, Tensor gradient, Tensor? mean, float scale)
    {
        _x = TensorMemory.Start(parameter);
        _g = TensorMemory.Start(gradient);
        _mean = mean is null ? null : TensorMemory.Start(mean);
        _columns = (int)(parameter.dim() == 0 ? 1 : parameter.shape[^1]);
        _rows = (int)(parameter.numel() / _columns);
        _rowsOfBlock = Math.Max(1, TensorMemory.Block / _columns);
        _scale = scale;
    }

    /// <summary>Updates second moments and parameter.</summary>
    /// <param name="state">V, as rows and columns or in full.</param>
    /// <param name="beta2">β₂ of this step.</param>
    /// <param name="alpha">α of this step.</param>
    /// <param name="options">ε₁, d, β₁ and the decay.</param>
    internal void Apply(Adafactor.Moments state, double beta2, double alpha, AdafactorOptions options)
    {
        var pass = this;
        float* r = state.Rows is null ? null : TensorMemory.Start(state.Rows), c = TensorMemory.Start(state.Columns ?? state.Full!);
        int blocks = (_rows + _rowsOfBlock - 1) / _rowsOfBlock;
        float keep = (float)beta2, take = (float)(1 - beta2), epsilon = (float)options.SquareEpsilon;

        // V = β₂ V + (1 - β₂)(g² + ε₁), its mean over columns and over rows
        float[][] columns = new float[blocks][];
        TensorMemory.Each(blocks, block => columns[block] = pass.Observe(block, r, keep, take, epsilon));
        float[] ofColumn = new float[_columns], ofRow = new float[_rows];
        for (int j = 0; j < _columns; j++)
        {
            double sum = 0;
            foreach (float[] part in columns) sum += part[j];
            c[j] = c[j] * keep + take * ((float)(sum / _rows) + epsilon);
            ofColumn[j] = 1 / MathF.Sqrt(c[j]);
        }

        // V ≈ rows · columns / mean(rows);  u = g / √V
        double mean = 0;
        if (r is not null) for (int i = 0; i < _rows; i++) mean += r[i];
        mean /= _rows;
        for (int i = 0; i < _rows; i++) ofRow[i] = r is null ? _scale : _scale / MathF.Sqrt((float)(r[i] / mean));

        // û = α u / max(1, rms(u) / d)
        double[] squares = new double[blocks];
        TensorMemory.Each(blocks, block => squares[block] = pass.SquaredNorm(block, ofRow, ofColumn));
        double size = Math.Sqrt(squares.Sum() / ((double)_rows * _columns));
        float step = (float)(alpha / Math.Max(1, size / options.ClipThreshold)), decay = (float)(1 - options.WeightDecay * alpha), beta1 = (float)(options.Beta1 ?? 0);
        TensorMemory.Each(blocks, block => pass.Subtract(block, ofRow, ofColumn, step, decay, beta1));
    }

    private (int From, int To) RowsOf(int block) => (block * _rowsOfBlock, Math.Min(_rows, (block + 1) * _rowsOfBlock));

    /// <summary>Renews the moments of a block's rows and gives the sums of squares of its columns.</summary>
    private float[] Observe(int block, float* r, float keep, float take, float epsilon)
    {
        float[] sums = new float[_columns];
        (int from, int to) = RowsOf(block);
        fixed (float* s = sums)
            for (int i = from; i < to; i++)
            {
                float* g = _g + (long)i * _columns;
                var row = Vector<float>.Zero;
                float sum = 0;
                int j = 0;
                for (; j <= _columns - Vector<float>.Count; j += Vector<float>.Count)
                {
                    var scaled = Vector.Load(g + j) * _scale;
                    var square = scaled * scaled;
                    row += square;
                    (Vector.Load(s + j) + square).Store(s + j);
                }
                for (; j < _columns; j++)
                {
                    float square = g[j] * _scale * (g[j] * _scale);
                    sum += square;
                    s[j] += square;
                }
                if (r is not null) r[i] = r[i] * keep + take * ((Vector.Sum(row) + sum) / _columns + epsilon);
            }
        return sums;
    }

    /// <summary>The sum over a block of u².</summary>
    private double SquaredNorm(int block, float[] ofRow, float[] ofColumn)
    {
        (int from, int to) = RowsOf(block);
        double all = 0;
        fixed (float* c = ofColumn)
            for (int i = from; i < to; i++)
            {
                float* g = _g + (long)i * _columns;
                var row = Vector<float>.Zero;
                float sum = 0;
                int j = 0;
                for (; j <= _columns - Vector<float>.Count; j += Vector<float>.Count)
                {
                    var u = Vector.Load(g + j) * Vector.Load(c + j);
                    row += u * u;
                }
                for (; j < _columns; j++) sum += g[j] * c[j] * (g[j] * c[j]);
                all += (double)ofRow[i] * ofRow[i] * (Vector.Sum(row) + sum);
            }
        return all;
    }

    /// <summary>x ← x · decay - û, or its running mean.</summary>
    private void Subtract(int block, float[] ofRow, float[] ofColumn, float step, float decay, float beta1)
    {
        (int from, int to) = RowsOf(block);
        fixed (float* c = ofColumn)
            for (int i = from; i < to; i++)
            {
                long at = (long)i * _columns;
                float factor = ofRow[i] * step;
                int j = 0;
                for (; j <= _columns - Vector<float>.Count; j += Vector<float>.Count)
                {
                    var u = Vector.Load(_g + at + j) * Vector.Load(c + j) * factor;
                    if (_mean is not null) (u = Vector.Load(_mean + at + j) * beta1 + u * (1 - beta1)).Store(_mean + at + j);
                    (Vector.Load(_x + at + j) * decay - u).Store(_x + at + j);
                }
                for (; j < _columns; j++)
                {
                    float u = _g[at + j] * c[j] * factor;
                    if (_mean is not null) u = _mean[at + j] = _mean[at + j] * beta1 + u * (1 - beta1);
                    _x[at + j] = _x[at + j] * decay - u;
                }
            }
    }
}
