using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// Judges every editor by the same questions: edits each alone, together, or one after the other. An edit that is no news to the model is left
/// out. The model is bit for bit as before when an evaluation ends, whichever way it ends.
/// </summary>
public static class EditEvaluator
{
    private const int Rows = 256; // questions that are asked at once

    /// <summary>Makes each edit alone, judges it and takes it back.</summary>
    /// <param name="editor">The editor.</param>
    /// <param name="trials">Edits and questions.</param>
    /// <param name="cancellation">Stops between two edits.</param>
    public static IReadOnlyList<JudgedEdit> Each(IEditor editor, IReadOnlyList<EditTrial> trials, CancellationToken cancellation = default)
    {
        var judged = new List<JudgedEdit>();
        foreach (EditTrial trial in News(editor.Model, trials))
        {
            cancellation.ThrowIfCancellationRequested();
            judged.AddRange(ByOneUpdate(editor, [trial]));
        }
        return judged;
    }

    /// <summary>Makes all edits by one update, judges each, and takes them back.</summary>
    /// <inheritdoc cref="Each"/>
    public static IReadOnlyList<JudgedEdit> Together(IEditor editor, IReadOnlyList<EditTrial> trials)
    {
        IReadOnlyList<EditTrial> news = News(editor.Model, trials);
        return news.Count == 0 ? [] : ByOneUpdate(editor, news);
    }

    private static JudgedEdit[] ByOneUpdate(IEditor editor, IReadOnlyList<EditTrial> trials)
    {
        using var scope = NewDisposeScope();
        Answered[][] before = [.. trials.Select(trial => Ask(editor.Model, editor.Original.Logits, Questions(trial)))];
        using EditedModel edited = editor.Edit(editor.Model.Batch([.. trials.Select(trial => trial.Edit)]));
        int steps = editor.LastSteps;
        return [.. trials.Zip(before, (trial, was) => Judge(trial, editor.Model, edited.Logits, was) with { Steps = steps })];
    }

    /// <summary>Makes the edits one after the other, each on top of those before; one that earlier ones have brought along is not made again.</summary>
    /// <param name="editor">The editor.</param>
    /// <param name="trials">Edits and questions, in order.</param>
    /// <param name="lengths">After how many edits all of those so far are judged.</param>
    /// <param name="cancellation">Stops between two edits.</param>
    /// <returns>For each length that was reached, every edit so far.</returns>
    public static IReadOnlyDictionary<int, IReadOnlyList<JudgedEdit>> InSeries(IEditor editor, IReadOnlyList<EditTrial> trials, IReadOnlyList<int> lengths, CancellationToken cancellation = default)
    {
        trials = News(editor.Model, trials);
        using var scope = NewDisposeScope();
        Answered[][] before = [.. trials.Select(trial => Ask(editor.Model, editor.Original.Logits, Questions(trial)))];
        var judged = new Dictionary<int, IReadOnlyList<JudgedEdit>>();
        var beside = new Stack<EditedModel>(); // edits that are not in the weights
        Func<EditBatch, Tensor> model = editor.Model.Logits;
        using var weights = new SavedWeights(editor.Model);
        try
        {
            for (int n = 1; n <= trials.Count; n++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var editScope = NewDisposeScope();
                EditBatch batch = editor.Model.Batch([trials[n - 1].Edit]);
                if (!EditLosses.IsRight(WithoutGradient(model, batch), batch.Targets).item<bool>())
                {
                    EditedModel edited = editor.Edit(batch);
                    edited.Apply();
                    model = edited.Logits;
                    if (edited.IsInWeights) edited.Dispose();
                    else beside.Push(edited);
                }
                if (lengths.Contains(n)) judged[n] = [.. trials.Take(n).Zip(before, (trial, was) => Judge(trial, editor.Model, model, was))];
            }
        }
        finally
        {
            foreach (EditedModel edited in beside) edited.Revert();
            weights.Restore();
        }
        return judged;
    }

    /// <summary>The trials whose edit is not what the model says already.</summary>
    public static IReadOnlyList<EditTrial> News(EditableModel model, IReadOnlyList<EditTrial> trials) => [.. trials.Chunk(Rows).SelectMany(part =>
    {
        using var scope = NewDisposeScope();
        bool[] said = model.Says(model.Batch([.. part.Select(trial => trial.Edit)]));
        return part.Where((_, i) => !said[i]);
    })];

    private static JudgedEdit Judge(EditTrial trial, EditableModel model, Func<EditBatch, Tensor> logits, Answered[] before)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<EditExample> questions = Questions(trial);
        Answered[] after = Ask(model, logits, questions);
        // The same questions with the answer that they are compared with: the old one where the edit applies, the new one elsewhere.
        int edited = 1 + trial.Rephrasings.Count;
        Answered[]? rivals = trial.OldTarget is null ? null : Ask(model, logits, [.. questions.Select((q, i) => q.Answered(i < edited ? trial.OldTarget : trial.Edit.Target))]);
        JudgedQuestion[] judged = [.. questions.Select((question, i) => new JudgedQuestion(
            question, before[i].Right, after[i].Right, before[i].Nll, after[i].Nll, after[i].TokensRight,
            EditLosses.Divergence(before[i].Scores, after[i].Scores).mean().item<float>(),
            rivals is null || question.Target.SequenceEqual(rivals[i].Target) ? null : after[i].Nll / question.Target.Count < rivals[i].Nll / rivals[i].Target.Count))];
        int next = edited;
        var others = trial.Others.ToDictionary(group => group.Key, IReadOnlyList<JudgedQuestion> (group) => judged[next..(next += group.Value.Count)]);
        return new(trial, judged[0], judged[1..edited], others);
    }

    private static IReadOnlyList<EditExample> Questions(EditTrial trial) => [trial.Edit, .. trial.Rephrasings, .. trial.Others.SelectMany(group => group.Value)];

    private static Answered[] Ask(EditableModel model, Func<EditBatch, Tensor> logits, IReadOnlyList<EditExample> questions) =>
        [.. questions.Chunk(Rows).SelectMany(part => AskTogether(model, logits, part))];

    private static List<Answered> AskTogether(EditableModel model, Func<EditBatch, Tensor> logits, EditExample[] questions)
    {
        using var scope = NewDisposeScope();
        EditBatch batch = model.Batch(questions);
        Tensor scores = WithoutGradient(logits, batch), asked = EditableModel.TargetMask(batch).ne(0);
        Tensor right = EditLosses.Predictions(scores).eq(batch.Targets), logs = EditLosses.LogProbabilities(scores, batch.Targets);
        // Only the places where something is asked, row by row.
        float[] log = logs[asked].cpu().data<float>().ToArray();
        bool[] hit = right[asked].cpu().data<bool>().ToArray();
        Tensor places = scores[asked];
        if (places.dim() == 1) places = places.unsqueeze(1); // one yes-or-no score
        var answers = new List<Answered>();
        int from = 0;
        foreach (EditExample question in questions)
        {
            int count = question.Target.Count;
            int hits = hit.AsSpan(from, count).Count(true);
            answers.Add(new(question.Target, hits == count, -log[from..(from + count)].Sum(l => (double)l), hits, places.narrow(0, from, count).clone().MoveToOuterDisposeScope()));
            from += count;
        }
        return answers;
    }

    private static Tensor WithoutGradient(Func<EditBatch, Tensor> logits, EditBatch batch)
    {
        using var noGradient = no_grad();
        return logits(batch);
    }

    /// <summary>What a model says to a question.</summary>
    /// <param name="Target">The answer that is asked for.</param>
    /// <param name="Right">Whether every token of it is the most probable one.</param>
    /// <param name="Nll">-log p of it.</param>
    /// <param name="TokensRight">How many of its tokens are.</param>
    /// <param name="Scores">The scores at its tokens, [tokens, vocabulary].</param>
    private sealed record Answered(IReadOnlyList<int> Target, bool Right, double Nll, int TokensRight, Tensor Scores);
}
