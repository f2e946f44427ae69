using NotebookKit.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Mend;

/// <summary>Sizes of KE's network; the defaults are those of MEND's authors.</summary>
public sealed record KeOptions
{
    /// <summary>Width of the LSTM, in each direction.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>Width of the condition.</summary>
    public int Condition { get; init; } = 768;

    /// <summary>Width between the condition and the vectors of a weight.</summary>
    public int Inner { get; init; } = 512;
}

/// <summary>
/// KE (De Cao et al. 2021) as MEND's authors built it: an LSTM reads the edit, and tells for every weight which rows and columns of the gradient
/// count. One edit at a time. The edit's tokens are read as they are, question and answer (the authors put the old answer before them).
/// </summary>
public sealed class KeEditor : LearnedEditor
{
    private readonly KeNetwork _network;

    /// <summary>A new editor, which <see cref="MendTraining"/> then trains.</summary>
    /// <param name="model">The model to edit.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="seed">Root of the initial weights.</param>
    /// <param name="name">The name in tables.</param>
    public KeEditor(EditableModel model, KeOptions? options = null, Seed seed = default, string name = "KE") : base(model, name)
    {
        seed.For("KE").SeedTorch();
        _network = new KeNetwork(model, options ?? new());
        _network.to(model.Device);
        _network.eval();
    }

    /// <inheritdoc/>
    public override nn.Module Network => _network;

    internal override LinearFactors[] Updates(EditBatch batch, EditGradient gradient)
    {
        long groups = gradient.Factors[0].U.shape[0];
        if (groups != batch.Rows) throw new ArgumentException($"{batch.Rows} rows are one edit, and KE makes an update from one example. Edit one after the other.", nameof(batch));
        if (batch.Examples.Count == 0) throw new ArgumentException("The batch holds bare tensors. Make it with the model's Batch, which keeps the examples.", nameof(batch));
        using var scope = NewDisposeScope();
        Tensor condition = _network.Condition(batch.Examples);
        return [.. gradient.Factors.Select((factors, i) =>
        {
            LinearFactors update = Gated(factors, _network.Vectors(condition, i));
            return new LinearFactors(update.U.MoveToOuterDisposeScope(), update.Delta.MoveToOuterDisposeScope());
        })];
    }

    /// <summary>
    /// W' = W + σ(s) (G ⊙ A + B), A = softmax(r_a) c_aᵀ, B = softmax(r_b) c_bᵀ, by factors: a mask of rank one goes to the two sides of each token,
    /// δ uᵀ ⊙ r cᵀ = (δ ⊙ r)(u ⊙ c)ᵀ, and B is one more token.
    /// </summary>
    /// <param name="gradient">G by its factors.</param>
    /// <param name="vectors">c_a [groups, in], r_a [groups, out], c_b, r_b, s [groups, 1], one after the other.</param>
    public static LinearFactors Gated(LinearFactors gradient, Tensor vectors)
    {
        using var scope = NewDisposeScope();
        (long n, long m) = (gradient.U.shape[2], gradient.Delta.shape[2]);
        Tensor[] parts = vectors.unsqueeze(1).split([n, m, n, m, 1], dim: 2);
        (Tensor columnsA, Tensor rowsA, Tensor columnsB, Tensor rowsB, Tensor gate) = (parts[0], parts[1].softmax(-1), parts[2], parts[3].softmax(-1), parts[4].sigmoid());
        return new(
            cat([gradient.U * columnsA, columnsB], 1).MoveToOuterDisposeScope(),
            (cat([gradient.Delta * rowsA, rowsB], 1) * gate).MoveToOuterDisposeScope());
    }

    /// <summary>The conditioner and the vectors of each weight.</summary>
    private sealed class KeNetwork : Module
    {
        private readonly Embedding _words;
        private readonly LSTM _lstm;
        private readonly Linear _condition;
        private readonly ModuleList<Module> _inner, _outer;

        internal KeNetwork(EditableModel model, KeOptions options) : base(nameof(KeNetwork))
        {
            Tensor words = model.Module.parameters().First(); // token embeddings come first in all three architectures
            register_module("words", _words = Embedding(words.shape[0], words.shape[1]));
            using (no_grad()) _words.weight!.copy_(words);
            register_module("lstm", _lstm = LSTM(words.shape[1], options.Hidden, batchFirst: true, bidirectional: true));
            register_module("condition", _condition = Linear(2 * options.Hidden, options.Condition));
            register_module("inner", _inner = ModuleList(model.Weights.Select(Module (_) => new NormedLinear(options.Condition, options.Inner)).ToArray()));
            register_module("outer", _outer = ModuleList(model.Weights.Select(Module (w) => new NormedLinear(options.Inner, 2 * (w.Inputs + w.Outputs) + 1)).ToArray()));
        }

        /// <summary>tanh of a linear map of the LSTM's two last states, [edits, condition].</summary>
        internal Tensor Condition(IReadOnlyList<EditExample> edits)
        {
            using var scope = NewDisposeScope();
            Device device = _words.weight!.device;
            // One by one, so that no state runs over padding.
            Tensor[] states = [.. edits.Select(edit =>
            {
                Tensor ids = tensor(edit.Input.Concat(edit.Target).Select(token => (long)token).ToArray(), device: device).unsqueeze(0);
                (_, Tensor last, _) = _lstm.call(_words.call(ids));
                return last.transpose(0, 1).flatten(1);
            })];
            return _condition.call(cat(states)).tanh().MoveToOuterDisposeScope();
        }

        internal Tensor Vectors(Tensor condition, int weight) => ((NormedLinear)_outer[weight]).Run(((NormedLinear)_inner[weight]).Run(condition).tanh());
    }

    /// <summary>A linear layer whose rows have a direction and a learned length (weight normalisation).</summary>
    private sealed class NormedLinear : Module
    {
        private readonly Parameter _direction, _length, _bias;

        internal NormedLinear(long inputs, long outputs) : base(nameof(NormedLinear))
        {
            using Linear start = Linear(inputs, outputs);
            register_parameter("direction", _direction = Parameter(start.weight!.detach().clone()));
            register_parameter("length", _length = Parameter(start.weight!.detach().norm(dim: 1, keepdim: true)));
            register_parameter("bias", _bias = Parameter(start.bias!.detach().clone()));
        }

        internal Tensor Run(Tensor x)
        {
            using var scope = NewDisposeScope();
            return functional.linear(x, _direction * (_length / _direction.norm(dim: 1, keepdim: true)), _bias).MoveToOuterDisposeScope();
        }
    }
}
