using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>GRACE's settings; the defaults are those of the authors' code.</summary>
public sealed record GraceOptions
{
    /// <summary>Which of the model's <see cref="EditableModel.Weights"/> belongs to the layer that is overruled.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The radius of a new key.</summary>
    public double Radius { get; init; } = 1;

    /// <summary>Steps of Adam on a value; all are made.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Adam's rate.</summary>
    public double LearningRate { get; init; } = 1;
}

/// <summary>
/// GRACE (Hartvigsen et al. 2023): no weight changes. A layer's output is replaced by a learned value wherever its input at the question's last
/// token lies within the radius of an edited one. The value stands over all tokens of the question (the code's default leaves out the last one).
/// </summary>
public sealed class GraceEditor : IEditor, IDisposable
{
    /// <summary>An editor that has made no edit.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Layer, radius, steps.</param>
    /// <param name="name">The name in tables.</param>
    public GraceEditor(EditableModel model, GraceOptions? options = null, string name = "GRACE") => (Model, Options, Name) = (model, options ?? new(), name);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EditableModel Model { get; }

    /// <summary>Layer, radius, steps.</summary>
    public GraceOptions Options { get; }

    /// <inheritdoc/>
    public int LastSteps { get; private set; }

    /// <summary>The edits in effect.</summary>
    public GraceCodebook Codebook { get; internal set; } = GraceCodebook.Empty;

    private EditableLinear Weight => Model.Weights[Options.Weight];

    /// <inheritdoc/>
    public EditedModel Edit(EditBatch batch)
    {
        ValueSearch.CheckIsNews(Model, batch);
        GraceCodebook before = Codebook;
        try
        {
            foreach (EditExample example in batch.Examples) Learn(example);
            LastSteps = batch.Examples.Count * Options.Steps;
        }
        catch
        {
            Codebook = before;
            throw;
        }
        return new GraceEdit(this, before);
    }

    private void Learn(EditExample example)
    {
        using var scope = NewDisposeScope();
        EditBatch batch = Model.Batch([example]);
        Tensor query = Queries(batch)[0].clone().DetachFromDisposeScope();
        using var generator = new Generator(0, CPU);
        Tensor start = rand(Weight.Outputs, generator: generator).to(Model.Device).DetachFromDisposeScope(); // uniform on [0, 1), as the code starts
        (Codebook, int entry) = Codebook.Take(query, example.Target, start, Options.Radius);

        using var withGradient = enable_grad();
        using var value = new Parameter(Codebook.Entries[entry].Value.clone());
        using var adam = optim.Adam([value], Options.LearningRate);
        Tensor asked = UpTo(Model.QuestionEnds(batch), batch.InputIds.shape[1]);
        for (int step = 0; step < Options.Steps; step++)
        {
            using var stepScope = NewDisposeScope();
            using IDisposable put = Weight.Rewrite((_, output) => where(asked, value, output));
            Tensor loss = EditLosses.Edit(Model.Logits(batch), batch.Targets);
            if (!float.IsFinite(loss.item<float>())) throw new ArithmeticException($"The loss of step {step} is not finite, so the codebook is as before. Lower the rate (now {Options.LearningRate:g3}).");
            adam.zero_grad();
            loss.backward();
            adam.step();
        }
        Tensor learnt = value.detach().clone().DetachFromDisposeScope();
        Codebook = new([.. Codebook.Entries.Select((e, i) => i == entry ? e with { Value = learnt } : e)]);
    }

    /// <summary>The layer's input at the end of every question, [rows, in].</summary>
    private Tensor Queries(EditBatch batch)
    {
        using var noGradient = no_grad();
        Tensor ends = tensor(Model.QuestionEnds(batch), device: Model.Device), rows = arange(batch.Rows, device: Model.Device);
        Tensor? queries = null;
        using (Weight.Rewrite((input, output) =>
        {
            queries ??= input[rows, ends].clone().DetachFromDisposeScope();
            return output;
        })) Model.Logits(batch);
        return queries!;
    }

    /// <summary>The model's scores, with the layer's output replaced in rows that a key answers.</summary>
    internal Tensor Logits(EditBatch batch)
    {
        if (Codebook.Entries.Count == 0) return Model.Logits(batch);
        using var scope = NewDisposeScope();
        Tensor asked = UpTo(Model.QuestionEnds(batch), batch.InputIds.shape[1]);
        int?[] found = Found(batch);
        using IDisposable put = Weight.Rewrite((_, output) => Put(found, asked, output));
        return Model.Logits(batch).MoveToOuterDisposeScope();
    }

    internal IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens)
    {
        using var scope = NewDisposeScope();
        int?[] found = Found(Model.Batch([.. inputs.Select(input => new EditExample(input, [0]))])); // the target only shows where the question ends
        bool isQuestion = true;
        using IDisposable put = Weight.Rewrite((_, output) =>
        {
            // The first pass reads the questions; those after it read the answers, token by token.
            if (!isQuestion) return output;
            isQuestion = false;
            return Put(found, ones(output.shape[0], output.shape[1], 1, dtype: @bool, device: output.device), output);
        });
        return Model.Answer(inputs, maxNewTokens);
    }

    private int?[] Found(EditBatch batch)
    {
        using Tensor queries = Queries(batch);
        return [.. Enumerable.Range(0, (int)batch.Rows).Select(row => Codebook.Find(queries[row]))];
    }

    private Tensor Put(int?[] found, Tensor asked, Tensor output)
    {
        using var noGradient = no_grad();
        output = output.clone();
        for (int row = 0; row < found.Length; row++)
            if (found[row] is { } entry) output[row] = where(asked[row], Codebook.Entries[entry].Value, output[row]);
        return output;
    }

    /// <summary>True up to a place in each row, [rows, time, 1].</summary>
    private Tensor UpTo(long[] ends, long time) => arange(time, device: Model.Device).unsqueeze(0).le(tensor(ends, device: Model.Device).unsqueeze(1)).unsqueeze(-1);

    /// <summary>Frees nothing of the model; the codebook is emptied.</summary>
    public void Dispose() => Codebook = GraceCodebook.Empty;
}

/// <summary>Values in place of a layer's output.</summary>
internal sealed class GraceEdit(GraceEditor editor, GraceCodebook before) : EditedModel(editor.Model)
{
    public override Tensor Logits(EditBatch batch) => editor.Logits(batch);

    public override IReadOnlyList<int[]> Answer(IReadOnlyList<IReadOnlyList<int>> inputs, int maxNewTokens = 8) => editor.Answer(inputs, maxNewTokens);

    internal override bool IsInWeights => false;

    protected override void Write(bool revertible) { }

    protected override void Undo() => editor.Codebook = before;

    protected override void Free() { } // an applied edit stays in the codebook
}
