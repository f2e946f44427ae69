using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookKit.Mend;

/// <summary>
/// L_e and L_loc of the paper's §3 on scores and targets that are in step (<see cref="EditBatch.Targets"/>). Scores are [batch, time, vocabulary],
/// [batch, classes], or [batch, 1] for one yes-or-no score.
/// </summary>
public static class EditLosses
{
    /// <summary>Labels of tokens as targets of the places before them, [batch, time]; the last place predicts nothing.</summary>
    public static Tensor Shifted(Tensor labels)
    {
        using var scope = NewDisposeScope();
        return cat([labels.narrow(1, 1, labels.shape[1] - 1), full_like(labels.narrow(1, 0, 1), TokenLabel.Ignored)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>log p(target) of every place, 0 where nothing is asked; in the shape of the targets.</summary>
    public static Tensor LogProbabilities(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        logits = logits.to(float32);
        if (IsBinary(logits))
        {
            // log σ(s) for a yes, log σ(-s) for a no
            Tensor signed = functional.logsigmoid(where(targets.eq(1), logits, -logits));
            return signed.masked_fill(Ignored(targets), 0).MoveToOuterDisposeScope();
        }
        Tensor chosen = logits.gather(-1, targets.clamp(min: 0).unsqueeze(-1)).squeeze(-1) - logits.logsumexp(-1);
        return chosen.masked_fill(Ignored(targets), 0).MoveToOuterDisposeScope();
    }

    /// <summary>L_e = -log p(y | x), a scalar.</summary>
    public static Tensor Edit(Tensor logits, Tensor targets, LossReduction reduction = LossReduction.SumOfExamples)
    {
        using var scope = NewDisposeScope();
        Tensor nll = -LogProbabilities(logits, targets), asked = Ignored(targets).logical_not();
        Tensor loss = reduction == LossReduction.MeanOfTokens ? nll.sum() / asked.sum() : (OfRows(nll) / OfRows(asked).clamp(min: 1)).sum();
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>-log p of all tokens of an answer, each read off the scores after the question's last token: the mean over tokens, then over rows, a scalar.</summary>
    /// <param name="logits">[batch, time, vocabulary].</param>
    /// <param name="targets">[batch, time].</param>
    public static Tensor AtPromptEnd(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor asked = Ignored(targets).logical_not().to(int64), first = asked.argmax(1).view(-1, 1, 1).expand(-1, -1, logits.shape[2]);
        Tensor logs = logits.to(float32).gather(1, first).log_softmax(-1).squeeze(1).gather(1, targets.clamp(min: 0)); // [batch, time]
        return (-(logs * asked).sum(1) / asked.sum(1)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The most probable class or token of every place, in the shape of the targets.</summary>
    public static Tensor Predictions(Tensor logits) => IsBinary(logits) ? logits.gt(0).to(int64) : logits.argmax(-1);

    /// <summary>Whether every target of a row is the most probable there, bool [batch]. A row that asks nothing is right.</summary>
    public static Tensor IsRight(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor right = Predictions(logits).eq(targets).logical_or(Ignored(targets));
        return (right.dim() == 1 ? right : right.all(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// L_loc = KL(p before ‖ p after), the mean over the places that count, a scalar. Bernoulli for one yes-or-no score, categorical otherwise.
    /// </summary>
    /// <param name="before">Scores before the edit; constants.</param>
    /// <param name="after">Scores after it.</param>
    /// <param name="mask">1 where a place counts, [batch, time]; null if all do.</param>
    public static Tensor Locality(Tensor before, Tensor after, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        Tensor kl = Divergence(before, after);
        Tensor loss = mask is null ? kl.mean() : (kl * mask.to(kl.dtype)).sum() / mask.sum();
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>KL(p before ‖ p after) of every place, in nats: [batch, time], or [batch].</summary>
    public static Tensor Divergence(Tensor before, Tensor after)
    {
        using var scope = NewDisposeScope();
        (Tensor p, Tensor q) = (before.detach().to(float32), after.to(float32));
        if (IsBinary(p))
        {
            // Σ over yes and no of p (log p - log q)
            Tensor yes = p.sigmoid() * (functional.logsigmoid(p) - functional.logsigmoid(q)), no = (-p).sigmoid() * (functional.logsigmoid(-p) - functional.logsigmoid(-q));
            return (yes + no).squeeze(-1).MoveToOuterDisposeScope();
        }
        Tensor logP = p.log_softmax(-1);
        return (logP.exp() * (logP - q.log_softmax(-1))).sum(-1).MoveToOuterDisposeScope();
    }

    private static Tensor OfRows(Tensor places) => places.dim() == 1 ? places : places.sum(-1);

    private static bool IsBinary(Tensor logits) => logits.dim() == 2 && logits.shape[1] == 1;

    private static Tensor Ignored(Tensor targets) => targets.eq(TokenLabel.Ignored);
}

/// <summary>How the losses of the rows of a batch become one.</summary>
public enum LossReduction
{
    /// <summary>The sum over rows of each row's mean over its tokens (paper §3): an edit's gradient does not depend on the others in its batch.</summary>
    SumOfExamples,

    /// <summary>The mean over all tokens of the batch, as in the authors' code: a batch of n edits divides each by about n.</summary>
    MeanOfTokens,
}

/// <summary>Where the locality loss compares the model before and after an edit.</summary>
public enum LocalityPlaces
{
    /// <summary>At every token of the text for a language model, at every target token for an encoder and decoder, as in the authors' code.</summary>
    All,

    /// <summary>At the target tokens (paper §3.3 for question answering).</summary>
    Targets,
}
