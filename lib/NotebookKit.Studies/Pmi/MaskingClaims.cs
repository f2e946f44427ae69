using NotebookKit.Pmi;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Pmi;

/// <summary>The paper's main messages, each with what became of it here: made of committed rows, and of counts that no preset changes.</summary>
public static class MaskingClaims
{
    /// <summary>BERT-base for a million steps of 256 sequences of 512 pieces, at 10¹¹ operations a second, about what two cores reach.</summary>
    private static readonly TrainingCost BertBase = new(110e6, 1e6 * 256 * 512, 1e11);

    private const string Waiting = "its experiment has no committed run yet";

    /// <summary>The table of claims.</summary>
    /// <param name="kept">The committed results.</param>
    /// <param name="leaks">The rows of <see cref="LeakComparison"/>.</param>
    /// <param name="length">The length of the sequences that they are read at.</param>
    /// <param name="counts">The counts of the corpus.</param>
    /// <param name="covered">The share of held-out words inside an entry of the list that is trained with.</param>
    /// <param name="entries">The size of that list.</param>
    public static ClaimTable Table(CommittedResults kept, ResultRows leaks, int length, NgramCounts counts, double covered, int entries)
    {
        string guessed = LeakComparison.Name("guessed", length);
        const string Cell = "half-ends", Metric = "word order, fine-tuned";
        var ends = kept.Best("pmi-half-the-time");
        MaskingVocabulary pmi = Best(NgramScore.Pmi), naive = Best(NgramScore.Naive), frequency = Best(NgramScore.Frequency);
        return new(
        [
            new Claim("Neighbours give masked pieces away; hiding whole words gives less away", "§1")
                .Tested("leak-table", "", Finding.Below, leaks.Contrast("whole word", "random token", guessed) with { Pairs = "draws" }),
            new Claim("What belongs together gives itself away beyond the word", "§1")
                .Tested("leak-table", "", Finding.Below, leaks.Contrast("PMI", MaskingStudy.MatchedSpans, guessed) with { Pairs = "draws" }),
            Tested(new("Random-token masking falls behind whole words as the vocabulary shrinks", "Table 1"), "pmi-small-vocabulary",
                (claim, run) => claim.Tested("small-result", run.Preset, Finding.Above, MaskingExperiments.Gaps(run.Rows, "word order, fine-tuned")[^1])),
            new Claim("PMI is not frequency", "§3").Judged(
                "overlap", "", $"overlap of the best {entries:N0} entries by PMI and by frequency", pmi.Overlap(frequency), null, 0,
                pmi.Overlap(frequency) < 0.5 ? Verdict.Shown : Verdict.NotSeen, "shown if less than half of the entries of either list are common"),
            new Claim("Naive PMI is fooled by a strong part, the minimum over segmentations is not", "Eq. 2, 3").Judged(
                "weakest", "", "share of the 1,000 best trigrams by naive PMI that are not among those by PMI", Displaced(pmi, naive), null, 0,
                Displaced(pmi, naive) > 0 ? Verdict.Shown : Verdict.NotSeen, "each has its weakest cut in the table"),
            new Claim("A list in the proportions 50/25/12.5/12.5 covers about half of the tokens", "§3").Judged(
                "coverage", "", $"share of held-out words inside one of {entries:N0} entries", covered, null, 0,
                Math.Abs(covered - 0.5) < 0.05 ? Verdict.Shown : Verdict.InPart, "at a size chosen for it; the paper's list has 800,000 entries"),
            Tested(new("PMI reaches the performance of earlier schemes in half of the training", "abstract, Fig. 1"), "pmi-half-the-time", Half),
            Ends(new("PMI ends ahead of random token, whole word and random span", "Table 2"), "random token", "whole word", "random span"),
            Ends(new("PMI ends ahead of naive PMI", "Table 2"), "naive PMI"),
            Ends(new("It is the correlation, not the length of the spans", "the control that Table 2 lacks"), MaskingStudy.MatchedSpans),
            ends is null ? new Claim("A worse loss in pre-training is no worse model", "Table 4").NotTested(Waiting) : new Claim("A worse loss in pre-training is no worse model", "Table 4").Tested(
                Cell, ends.Preset, Finding.Above, ends.Rows.Contrast("PMI", "random token", "loss, random token mask"), ends.Rows.Contrast("PMI", "random token", Metric)),
            Tested(new("The p² list is slightly better", "authors' README"), "pmi-dose", (claim, run) => kept.Best("pmi-half-the-time") is { } schemes
                ? claim.Tested("dose", run.Preset, Finding.Above, new ResultRows(run.Rows.Concat(schemes.Rows)).Contrast("p² PMI", "PMI", "word order, fine-tuned"))
                : claim),
            new Claim("The gain grows with the corpus, and random spans catch up on the small one", "Fig. 2").NotTested("two corpora of gigabytes", BertBase with { Runs = 4 }),
            new Claim("Ahead of a RoBERTa trained on more", "Table 3").NotTested("the models' weights, and SQuAD 2.0 and RACE", BertBase),
            new Claim("Better on SQuAD 2.0, RACE and GLUE", "Table 2").NotTested("a model that can read a passage: BERT-base under each scheme", BertBase with { Runs = 5 }),
            new Claim("One seventh of the entries are entities", "appendix").NotTested("entries annotated by hand"),
        ]);

        MaskingVocabulary Best(NgramScore score) => MaskingVocabulary.Build(counts, score, new() { Size = entries });

        Claim Tested(Claim claim, string experiment, Func<Claim, ResultFile, Claim> test) =>
            kept.Best(experiment) is { } run ? test(claim, run) : claim.NotTested(Waiting);

        Claim Ends(Claim claim, params string[] others) => ends is not null && others.All(ends.Rows.Variants.Contains)
            ? claim.Tested(Cell, ends.Preset, Finding.Above, [.. others.Select(other => ends.Rows.Contrast("PMI", other, Metric))])
            : claim.NotTested(Waiting);

        double Displaced(MaskingVocabulary one, MaskingVocabulary other)
        {
            HashSet<string> best = [.. Trigrams(one)];
            return Trigrams(other).Count(t => !best.Contains(t)) / 1000.0;
        }

        IEnumerable<string> Trigrams(MaskingVocabulary list) => list.Entries.Where(e => e.Length == 3).Take(1000).Select(e => e.Ngram);
    }

    private static Claim Half(Claim claim, ResultFile run)
    {
        CatchUp reached = CatchUp.Of(run.Rows, "PMI", "random token", "word order");
        var verdict = reached.Interval.High <= reached.Last / 2.0 ? Verdict.Shown : reached.Interval.High < reached.Last ? Verdict.InPart : Verdict.NotSeen;
        return claim.Judged("half-steps", run.Preset, $"step of {reached.Last} at which PMI reaches random token's last score, word order", double.IsFinite(reached.Step) ? reached.Step : null,
            double.IsFinite(reached.Interval.High) ? reached.Interval : null, run.Rows.Select(r => r.Seed).Distinct().Count(), verdict,
            double.IsFinite(reached.Step) ? $"shown if the whole interval is below {reached.Last / 2}; it is {reached.Interval.ToString(0)}" : "it is never reached");
    }
}
