using System.Numerics;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) whose update reads and writes every number once, with the clipping of the gradient in the same pass.
/// The library's own makes ten passes, each as long as the weights; elsewhere than on the CPU that one is used. What it saves and loads is the
/// same.
/// </summary>
/// <param name="groups">Weights with their rates and decays.</param>
public sealed class AdamW(IEnumerable<TorchSharp.Modules.AdamW.ParamGroup> groups) : TorchSharp.Modules.AdamW(groups)
{
    /// <summary>Updates every weight that has a gradient.</summary>
    /// <param name="closure">Computes the loss anew, or null.</param>
    /// <returns>The closure's loss, or null.</returns>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        Step(double.PositiveInfinity);
        return loss;
    }

    /// <summary>Updates every weight that has a gradient, with all gradients scaled down together to a norm.</summary>
    /// <param name="maximumNorm">The most that the norm over all gradients may be; infinity not to clip.</param>
    /// <returns>The norm before.</returns>
    internal double Step(double maximumNorm)
    {
        using var scope = NewDisposeScope();
        var weights = _parameter_groups.SelectMany(group => group.Parameters.Select(p => (Weight: p, Gradient: p.grad, Options: (Options)group.Options))).Where(w => w.Gradient is not null).ToList();
        if (!weights.All(w => TensorMemory.IsPlain(w.Weight) && TensorMemory.IsPlain(w.Gradient!)))
        {
            double size = double.IsFinite(maximumNorm) ? nn.utils.clip_grad_norm_(weights.Select(w => w.Weight), maximumNorm) : 0;
            base.step();
            return size;
        }
        List<(Slice Slice, Update Update)> blocks = [];
        foreach (var (weight, gradient, options) in weights)
        {
            var state = (State)_state[weight.Handle];
            var update = new Update(options, ++state.step);
            for (long at = 0, count = weight.numel(); at < count; at += TensorMemory.Block)
                blocks.Add((new(weight, gradient!, state, at, (int)Math.Min(TensorMemory.Block, count - at)), update));
        }
        double[] squares = new double[blocks.Count];
        TensorMemory.Each(blocks.Count, i => squares[i] = blocks[i].Slice.SquaredNorm());
        double norm = Math.Sqrt(squares.Sum());
        float scale = (float)Math.Min(1, maximumNorm / (norm + 1e-6));
        TensorMemory.Each(blocks.Count, i => blocks[i].Slice.Apply(blocks[i].Update, scale));
        return norm;
    }

    /// <summary>The numbers of one update that are the same for every weight of a group.</summary>
    private readonly struct Update
    {
        public readonly float Beta1, Beta2, Epsilon, Decay, Rate, Correction;

        /// <summary>w ← (1 - rate · decay) w - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)</summary>
        public Update(Options options, long t)
        {
            (Beta1, Beta2, Epsilon) = ((float)options.beta1!.Value, (float)options.beta2!.Value, (float)options.eps!.Value);
            double rate = options.LearningRate!.Value;
            Decay = (float)(1 - rate * options.weight_decay!.Value);
            Rate = (float)(rate / (1 - Math.Pow(options.beta1.Value, t)));
            Correction = (float)(1 / Math.Sqrt(1 - Math.Pow(options.beta2.Value, t)));
        }
    }

    /// <summary>A stretch of a weight, its gradient and its two moments.</summary>
    private readonly unsafe struct Slice(Tensor weight, Tensor gradient, State state, long at, int count)
    {
        private readonly float* _w = TensorMemory.Start(weight) + at, _g = TensorMemory.Start(gradient) + at, _m = TensorMemory.Start(state.exp_avg) + at, _v = TensorMemory.Start(state.exp_avg_sq) + at;

        public double SquaredNorm() => TensorMemory.SquaredNorm(_g, count);

        public void Apply(Update u, float scale)
        {
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> g = Vector.Load(_g + i) * scale, m = Vector.Load(_m + i) * u.Beta1 + g * (1 - u.Beta1), v = Vector.Load(_v + i) * u.Beta2 + g * g * (1 - u.Beta2);
                m.Store(_m + i);
                v.Store(_v + i);
                (Vector.Load(_w + i) * u.Decay - m * u.Rate / (Vector.SquareRoot(v) * u.Correction + new Vector<float>(u.Epsilon))).Store(_w + i);
            }
            for (; i < count; i++)
            {
                float g = _g[i] * scale;
                _m[i] = _m[i] * u.Beta1 + g * (1 - u.Beta1);
                _v[i] = _v[i] * u.Beta2 + g * g * (1 - u.Beta2);
                _w[i] = _w[i] * u.Decay - _m[i] * u.Rate / (MathF.Sqrt(_v[i]) * u.Correction + u.Epsilon);
            }
        }
    }
}
