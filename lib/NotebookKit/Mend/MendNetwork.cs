using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Mend;

/// <summary>All that MEND learns: a transform for every shape (or every weight) and a rate alpha for every weight.</summary>
public sealed class MendNetwork : Module
{
    private readonly (GradientTransform Transform, long? Index)[] _ofWeight;
    [ComponentName(Name = "alpha")] // so that a move to another device or type reaches the field
    private readonly Parameter _alpha;
    [ComponentName(Name = "ridge")]
    private readonly Parameter? _ridge; // log lambda of each weight's normal equation
    [ComponentName(Name = "frozen")]
    private readonly Tensor _frozen; // a tensor, so that a checkpoint holds it

    internal MendNetwork(IReadOnlyList<EditableLinear> weights, MendOptions options, long seed) : base(nameof(MendNetwork))
    {
        using var generator = new Generator((ulong)seed, CPU);
        string Key(EditableLinear weight) => options.Shared ? $"({weight.Inputs}, {weight.Outputs})" : weight.Name.Replace('.', '#');
        var sharing = weights.GroupBy(Key).ToDictionary(group => group.Key, group => group.ToList());
        var transforms = sharing.ToDictionary(
            entry => entry.Key, entry => new GradientTransform(entry.Value[0].Inputs, entry.Value[0].Outputs, options.Shared ? entry.Value.Count : null, options, generator));
        register_module("mend", new Named(transforms));
        register_parameter("alpha", _alpha = Parameter(full(weights.Count, options.InitialAlpha, dtype: float32)));
        if (options.Rule == UpdateRule.LeastSquares) register_parameter("ridge", _ridge = Parameter(zeros(weights.Count)));
        register_buffer("frozen", _frozen = zeros(1));
        _ofWeight = [.. weights.Select(weight => (transforms[Key(weight)], options.Shared ? (long?)sharing[Key(weight)].IndexOf(weight) : null))];
        this.to(weights[0].Weight.device);
    }

    /// <summary>The learned rates, in the order of the weights.</summary>
    public IReadOnlyList<double> Alphas
    {
        get
        {
            using var scope = NewDisposeScope();
            return _alpha.detach().to(float64).cpu().data<double>().ToArray();
        }
    }

    /// <summary>Whether the statistics stay as they are while the network trains. The authors' code keeps gathering them.</summary>
    public bool StatisticsFrozen
    {
        get => _frozen.item<float>() > 0;
        set => _frozen.fill_(value ? 1 : 0);
    }

    internal Parameter Alpha => _alpha;

    /// <summary>The transform of a weight, and the weight's place among those that share it.</summary>
    internal (GradientTransform Transform, long? Index) Of(int weight) => _ofWeight[weight];

    /// <summary>Takes the tokens of an edit into the statistics.</summary>
    internal void Observe(IReadOnlyList<LinearFactors> gradient)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < gradient.Count; i++)
        {
            var tokens = new LiveTokens(gradient[i]);
            _ofWeight[i].Transform.Observe(tokens.U, tokens.Delta);
        }
    }

    /// <summary>The update of every weight, - alpha Σ delta~ u~ᵀ or the least-squares one, by its factors. Training gathers statistics on the way, as the authors' code does.</summary>
    internal LinearFactors[] Updates(IReadOnlyList<LinearFactors> gradient)
    {
        var updates = new LinearFactors[gradient.Count];
        for (int i = 0; i < gradient.Count; i++)
        {
            using var scope = NewDisposeScope();
            var tokens = new LiveTokens(gradient[i]);
            (GradientTransform transform, long? index) = _ofWeight[i];
            if (training && !StatisticsFrozen) transform.Observe(tokens.U, tokens.Delta);
            (Tensor u, Tensor delta) = transform.Run(tokens.U, tokens.Delta, index);
            if (_ridge is not null)
            {
                // Each token's wish for its own output, d = - alpha (u · u~) delta~, and the update that meets all wishes best.
                Tensor wish = (tokens.U * u).sum(1, keepdim: true) * delta * -_alpha[i];
                (u, delta) = (NormalEquation.Spread(tokens.Grouped(tokens.U), _ridge[i].exp()), tokens.Grouped(wish));
            }
            else (u, delta) = (tokens.Grouped(u), tokens.Grouped(delta * -_alpha[i]));
            updates[i] = new(u.MoveToOuterDisposeScope(), delta.MoveToOuterDisposeScope());
        }
        return updates;
    }

    /// <summary>Only the level of names between the network and its transforms. (A ModuleDict cannot be moved to another device.)</summary>
    private sealed class Named : Module
    {
        internal Named(IReadOnlyDictionary<string, GradientTransform> transforms) : base(nameof(Named))
        {
            foreach ((string name, GradientTransform transform) in transforms) register_module(name, transform);
        }
    }
}
