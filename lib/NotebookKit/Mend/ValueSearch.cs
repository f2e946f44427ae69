using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// The first half of ROME and MEMIT: which output of a layer at the subject's last token makes the model give the new answer? The change of that
/// output is found by gradient steps, the weights stay.
/// </summary>
internal sealed record ValueSearch
{
    /// <summary>The layer's inputs at the subject's last token, the bare question's first, [wordings, in].</summary>
    internal required Tensor Keys { get; init; }

    /// <summary>v* - v, [out].</summary>
    internal required Tensor Change { get; init; }

    /// <summary>Forward passes that were made.</summary>
    internal required int Steps { get; init; }

    /// <summary>Searches the value of one edit.</summary>
    internal static ValueSearch Of(EditableModel model, EditableLinear weight, EditExample example, IReadOnlyList<IReadOnlyList<int>> prefixes, RomeOptions options)
    {
        (int start, int length) = example.Subject
            ?? throw new ArgumentException("Nothing says where the subject of the question stands. Set the example's Subject.", nameof(example));
        using var scope = NewDisposeScope();
        // All wordings, and last the subject alone: the authors' prompt "{subject} is a" is read at the subject's last token, which sees no more.
        EditExample[] wordings = [example, .. prefixes.Select(prefix => new EditExample([.. prefix, .. example.Input], example.Target))];
        EditBatch batch = model.Batch([.. wordings, new([.. example.Input.Skip(start).Take(length)], example.Target)]);
        long[] places = [.. new int[] { 0 }.Concat(prefixes.Select(p => p.Count)).Select(before => (long)(before + start + length - 1)), length - 1];
        Tensor rows = arange(places.Length, device: model.Device), columns = tensor(places, device: model.Device);
        Tensor asked = EditableModel.TargetMask(batch), essence = zeros_like(asked);
        essence[-1, model.QuestionEnds(batch)[^1] is var end && batch.Places is null ? end : 0] = 1;
        asked[-1] = 0;

        Tensor? keys = null, value = null;
        Tensor before;
        using (no_grad())
        using (weight.Rewrite((input, output) =>
        {
            (keys, value) = (input[rows, columns].clone().DetachFromDisposeScope(), output[rows[0], columns[0]].clone().DetachFromDisposeScope());
            return output;
        })) before = model.Logits(batch)[essence.ne(0)].log_softmax(-1);
        Tensor at = zeros(batch.InputIds.shape, device: model.Device).index_put_(ones(places.Length, device: model.Device), [rows, columns]).unsqueeze(-1); // [rows, time, 1]

        using var withGradient = enable_grad();
        using var change = new Parameter(zeros_like(value!));
        using var adam = optim.Adam([change], options.LearningRate);
        int steps = 0;
        while (true)
        {
            using var stepScope = NewDisposeScope();
            steps++;
            using IDisposable put = weight.Rewrite((_, output) => output + at * change);
            Tensor logits = model.Logits(batch), logs = EditLosses.LogProbabilities(logits, batch.Targets) * asked;
            Tensor nll = -(logs.sum(1) / asked.sum(1).clamp(min: 1)).sum() / wordings.Length; // every wording counts alike
            Tensor now = logits[essence.ne(0)].log_softmax(-1);
            Tensor kl = (now.exp() * (now - before)).sum(); // KL(after ‖ before), the other way round than MEND's
            Tensor loss = nll + options.KlWeight * kl + options.WeightDecay * change.norm() / value!.square().sum();
            if (loss.item<float>() < options.StopBelow || steps == options.Steps) break;
            adam.zero_grad();
            loss.backward();
            adam.step();
            using var noGradient = no_grad();
            double longest = options.Clamp * value!.norm().item<float>(), now2 = change.norm().item<float>();
            if (now2 > longest) change.mul_(longest / now2);
        }
        value!.Dispose();
        return new() { Keys = keys!.MoveToOuterDisposeScope(), Change = change.detach().clone().MoveToOuterDisposeScope(), Steps = steps };
    }

    /// <summary>A change of one weight as changes of all, the others' without a token.</summary>
    internal static LinearFactors[] At(EditableModel model, EditableLinear weight, LinearFactors change) =>
        [.. model.Weights.Select(other => other == weight ? change : None(other, model.Device))];

    /// <summary>A change that changes nothing.</summary>
    internal static LinearFactors None(EditableLinear weight, Device device) => new(zeros(1, 0, weight.Inputs, device: device), zeros(1, 0, weight.Outputs, device: device));

    /// <summary>The changes, out of the scope in which they were made.</summary>
    internal static LinearFactors[] Kept(LinearFactors[] changes)
    {
        foreach (LinearFactors change in changes) (_, _) = (change.U.DetachFromDisposeScope(), change.Delta.DetachFromDisposeScope());
        return changes;
    }

    internal static void CheckIsNews(EditableModel model, EditBatch batch)
    {
        EditableModel.CheckAsks(batch);
        if (batch.Examples.Count == 0) throw new ArgumentException("The batch holds bare tensors. Make it with the model's Batch, which keeps the examples.", nameof(batch));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        EditableModel.CheckIsNews(model.Logits(batch), batch.Targets);
    }
}
