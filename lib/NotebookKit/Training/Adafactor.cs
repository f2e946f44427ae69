using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// Adafactor (Shazeer and Stern 2018): Adam's second moment, kept for a matrix as the means of its rows and columns only,
/// so that n × m numbers of state become n + m.
/// </summary>
public sealed class Adafactor : OptimizerHelper
{
    /// <summary>Makes the optimizer of some parameters.</summary>
    /// <param name="parameters">What to train; a parameter without a gradient is passed over at a step.</param>
    /// <param name="options">The settings; null for the paper's.</param>
    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public Adafactor(IEnumerable<Parameter> parameters, AdafactorOptions? options = null)
    {
        Settings = (options ?? new()).Checked();
        _parameter_groups = [];
        add_param_group(new ParamGroup<Rates> { Parameters = parameters.ToList() });
    }

    /// <summary>The settings.</summary>
    public AdafactorOptions Settings { get; }

    /// <summary>Adds parameters. The group's rate is the optimizer's, unless its options say otherwise.</summary>
    public override void add_param_group(ParamGroup param_group)
    {
        // A relative step has no rate; the base class wants a number to save, and nothing looks at it.
        param_group.Options ??= new Rates { LearningRate = Settings.LearningRate ?? 0, InitialLearningRate = Settings.LearningRate ?? 0 };
        _parameter_groups.Add(param_group);
        foreach (var parameter in param_group.Parameters) _state[parameter.Handle] = new Moments(parameter, Settings);
    }

    /// <summary>Updates every parameter once.</summary>
    /// <param name="closure">Computes the loss anew, or null.</param>
    /// <returns>The closure's loss, or null.</returns>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        Step(double.PositiveInfinity);
        return loss;
    }

    /// <summary>Updates every parameter that has a gradient, with all gradients scaled down together to a norm.</summary>
    /// <param name="maximumNorm">The most that the norm over all gradients may be; infinity not to clip.</param>
    /// <returns>The norm before.</returns>
    internal double Step(double maximumNorm)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _parameter_groups.SelectMany(group => group.Parameters.Select(p => (Parameter: p, Gradient: p.grad!, group.LearningRate))).Where(p => p.Gradient is not null).ToList();
        double norm = Math.Sqrt(gradients.Sum(p => Math.Pow(p.Gradient.norm().item<float>(), 2)));
        float scale = (float)Math.Min(1, maximumNorm / (norm + 1e-6));
        foreach (var (parameter, gradient, rate) in gradients)
        {
            using var inner = NewDisposeScope();
            Update(parameter, gradient, (Moments)_state[parameter.Handle], rate, scale);
        }
        return norm;
    }

    private void Update(Tensor x, Tensor g, Moments state, double rate, float scale)
    {
        int t = ++state.Step;
        // α_t = max(ε₂, rms(x)) ρ_t, with ρ_t = min(10⁻², 1/√t)
        double rho = Settings.RelativeStep ? Math.Min(Settings.WarmupInit ? 1e-6 * t : 1e-2, 1 / Math.Sqrt(t)) : rate;
        state.ParameterSize = RootMeanSquare(x);
        double alpha = Settings.ScaleParameter ? Math.Max(Settings.ParameterEpsilon, state.ParameterSize) * rho : rho;

        // β₂ = 1 - t^decay;  V = β₂ V + (1 - β₂)(g² + ε₁);  u = g / √V
        double beta2 = 1 - Math.Pow(t, Settings.DecayRate);
        if (x.dim() <= 2 && new[] { x, g, state.Rows, state.Columns, state.Full, state.Mean }.OfType<Tensor>().All(TensorMemory.IsPlain))
        {
            new AdafactorPass(x, g, state.Mean, scale).Apply(state, beta2, alpha, Settings);
            return;
        }
        g = g * scale;
        var square = g.square().add_(Settings.SquareEpsilon);
        Tensor u;
        if (state.Rows is not null && state.Columns is not null)
        {
            // V ≈ rows · columns / mean(rows)
            Tensor rows = Average(state.Rows, square.mean([-1]), beta2), columns = Average(state.Columns, square.mean([-2]), beta2);
            u = (rows / rows.mean([-1], keepdim: true)).rsqrt_().unsqueeze(-1) * columns.rsqrt().unsqueeze(-2) * g;
        }
        else
        {
            u = Average(state.Full!, square, beta2).rsqrt().mul_(g);
        }

        // û = α u / max(1, rms(u) / d)
        u.mul_(alpha / Math.Max(1, RootMeanSquare(u) / Settings.ClipThreshold));
        if (state.Mean is not null) u = Average(state.Mean, u, Settings.Beta1!.Value);
        if (Settings.WeightDecay != 0) x.mul_(1 - Settings.WeightDecay * alpha);
        x.sub_(u);
    }

    private static double RootMeanSquare(Tensor x) => x.norm().item<float>() / Math.Sqrt(x.numel());

    private static Tensor Average(Tensor mean, Tensor value, double decay) => mean.mul_(decay).add_(value, alpha: 1 - decay);

    /// <summary>The state of a parameter, for tests and for those who look inside.</summary>
    internal Moments StateOf(Parameter parameter) => (Moments)_state[parameter.Handle];

    /// <summary>Frees the moments.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var group in _parameter_groups)
                foreach (var parameter in group.Parameters)
                    StateOf(parameter).Dispose();
        base.Dispose(disposing);
    }

    private sealed class Rates : OptimizerOptions;

    /// <summary>What is remembered of one parameter.</summary>
    internal sealed class Moments : OptimizerState, IDisposable
    {
        internal Moments(Parameter parameter, AdafactorOptions options) : base(parameter)
        {
            using var noGradient = no_grad();
            long[] shape = parameter.shape;
            Tensor Zeros(params long[] size) => zeros(size, dtype: parameter.dtype, device: parameter.device).DetachFromDisposeScope();
            if (shape.Length >= 2)
            {
                Rows = Zeros(shape[..^1]);
                Columns = Zeros([.. shape[..^2], shape[^1]]);
            }
            else
            {
                Full = Zeros(shape);
            }
            if (options.Beta1 is not null) Mean = Zeros(shape);
        }

        internal int Step { get; set; }

        internal double ParameterSize { get; set; }

        internal Tensor? Rows { get; private set; }

        internal Tensor? Columns { get; private set; }

        internal Tensor? Full { get; private set; }

        internal Tensor? Mean { get; private set; }

        private IEnumerable<Tensor> Held => new[] { Rows, Columns, Full, Mean }.OfType<Tensor>();

        public override void Initialize(OptimizerOptions options)
        {
            (Step, ParameterSize) = (0, 0);
            foreach (var tensor in Held) tensor.zero_();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(Step);
            writer.Write(ParameterSize);
            foreach (var tensor in Held) tensor.Save(writer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            Step = reader.ReadInt32();
            ParameterSize = reader.ReadDouble();
            foreach (var tensor in Held) TensorExtensionMethods.Load(tensor, reader);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (Moments)source;
            (Step, ParameterSize) = (other.Step, other.ParameterSize);
            foreach ((var mine, var theirs) in Held.Zip(other.Held)) mine.copy_(theirs);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is Moments moments && Step == moments.Step && Held.Zip(moments.Held).All(pair => pair.First.allclose(pair.Second));

        public override void to(Device device)
        {
            Tensor? Move(Tensor? tensor) => tensor?.to(device).DetachFromDisposeScope();
            (Rows, Columns, Full, Mean) = (Move(Rows), Move(Columns), Move(Full), Move(Mean));
        }

        public void Dispose()
        {
            foreach (var tensor in Held) tensor.Dispose();
        }
    }
}

/// <summary>
/// The settings of <see cref="Adafactor"/>, with the paper's defaults (Shazeer and Stern 2018, "proposed hyperparameters").
/// T0 and T5 fine-tuning use a constant rate, relative to the parameter's size: <c>new() { LearningRate = 1e-3, RelativeStep = false }</c>.
/// </summary>
public sealed record AdafactorOptions
{
    /// <summary>The step size; null exactly if <see cref="RelativeStep"/> computes it.</summary>
    public double? LearningRate { get; init; }

    /// <summary>ε₁, added to the squared gradient.</summary>
    public double SquareEpsilon { get; init; } = 1e-30;

    /// <summary>ε₂, the least size that a parameter counts for when steps are scaled by it.</summary>
    public double ParameterEpsilon { get; init; } = 1e-3;

    /// <summary>d, the root mean square above which an update is scaled down.</summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>The exponent of 1 - t^exponent, the decay of the second moment at step t.</summary>
    public double DecayRate { get; init; } = -0.8;

    /// <summary>β₁ of a running mean of updates; null for none, which saves a copy of the model.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Weight decay, applied apart from the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether a step is multiplied by the parameter's own root mean square.</summary>
    public bool ScaleParameter { get; init; } = true;

    /// <summary>Whether the step size is min(10⁻², 1/√t) instead of a given rate.</summary>
    public bool RelativeStep { get; init; } = true;

    /// <summary>Whether that size starts from min(10⁻⁶ t, 1/√t).</summary>
    public bool WarmupInit { get; init; }

    internal AdafactorOptions Checked()
    {
        if (RelativeStep && LearningRate is not null)
            throw new ArgumentException($"LearningRate is {LearningRate} and RelativeStep computes it. Set RelativeStep to false or leave the rate out.");
        if (!RelativeStep && LearningRate is not >= 0)
            throw new ArgumentException($"LearningRate is {LearningRate?.ToString() ?? "missing"}. Give a rate of zero or more, or set RelativeStep.");
        if (WarmupInit && !RelativeStep) throw new ArgumentException("WarmupInit shapes the relative step, which is off. Set RelativeStep, or use a schedule for the rate.");
        if (Beta1 is < 0 or >= 1) throw new ArgumentException($"Beta1 is {Beta1}; it must be from 0 up to, not including, 1, or null.");
        if (!(ClipThreshold > 0)) throw new ArgumentException($"ClipThreshold is {ClipThreshold}; it must be above zero.");
        return this;
    }
}
