using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Prompting;

/// <summary>The paper's claims, each with the contrast of the committed rows that tests it.</summary>
public static class T0Claims
{
    /// <summary>T0's training: 11 billion weights, 12,200 steps of 2^20 input tokens, at 10¹¹ operations a second, about what two cores reach.</summary>
    private static readonly TrainingCost T0 = new(11e9, 12_200.0 * 1_048_576, 1e11);

    /// <summary>The table, from the committed runs; a run that is not there leaves its claims untested.</summary>
    /// <param name="kept">The committed runs.</param>
    public static ClaimTable Of(CommittedResults kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        ResultFile? prompts = kept.Best("t0-prompts"), datasets = kept.Best("t0-datasets"), controls = kept.Best("t0-controls"), sizes = kept.Best("t0-sizes"), real = kept.Best("t0-real");
        string[] opened = prompts is null ? [] : [T0Experiments.All];
        return new(
        [
            Gated(new("Multitask prompted training gives zero-shot answers on a held-out data set", "§6.1, Fig. 4"), "held-out-set", prompts, T0Expectations.HeldOut[0]),
            Gated(new("and on held-out tasks", "§6.1, Fig. 4"), "held-out-task", prompts, [.. T0Expectations.HeldOut.Skip(1)]),
            Tested(new("One prompt is better than none", "§6.2, Fig. 6"), "held-out-set", prompts, rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Medians(rows, T0Experiments.OnePrompt, T0Experiments.NoPrompt, set))]),
            Tested(new("More prompts raise the median on held-out tasks", "§6.2, Fig. 6"), "held-out-task", prompts, rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Medians(rows, T0Experiments.All, T0Experiments.OnePrompt, set))]),
            Tested(new("Prompts that ask for something else help on top", "§6.2, Fig. 6"), "held-out-task", prompts, rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Medians(rows, T0Experiments.All, T0Experiments.Original, set))]),
            Tested(new("More prompts make wording matter less: the range over prompts falls", "§6.2, Fig. 6"), "p-wording", prompts,
                rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.OnePrompt, T0Rows.Range(set.Kind, set.Dataset)))], Finding.Below),
            Tested(new("New wordings of trained sets, at equal examples: all prompts ahead of one", "the distance before the paper's"), "p-wording", prompts,
                rows => [T0Expectations.Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.OnePrompt, T0Rows.Median(ZeroShotKind.NewWording))]),
            Tested(new("and at equal convergence", "the control of Fig. 6"), "p-convergence", prompts,
                rows => [T0Expectations.Between(T0Rows.AtEqualConvergence(rows, T0Experiments.All, T0Experiments.OnePrompt), T0Experiments.All, T0Experiments.OnePrompt, T0Rows.Median(ZeroShotKind.NewWording))]),
            Tested(new("More data sets raise the median", "§6.2, Fig. 7"), "d-sets", datasets, rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Medians(rows, T0Experiments.DatasetsOf(8), T0Experiments.DatasetsOf(1), set))]),
            Tested(new("The smaller model gains too", "§6.1, Fig. 8"), "sizes", sizes, rows => [.. T0Expectations.HeldOut.Select(set => T0Expectations.Medians(rows, T0Experiments.AllHalf, T0Experiments.NoneHalf, set))]),
            Tested(new("The mixture rule matters less than the prompts: T0's rule is level with data sets by their size", "§5"), "controls", controls,
                rows => [T0Expectations.Between(T0Rows.Medians(rows), T0Experiments.T0Rule, T0Experiments.All, T0Rows.Median(ZeroShotKind.NewWording))], Finding.Level),
            Tested(new("On the paper's own held-out tasks training on prompts is ahead of the start", "§6.1, Fig. 4"), "real", real,
                rows => [T0Expectations.Between(T0Rows.Medians(rows), T0Experiments.All, T0Experiments.NoPrompt, T0Rows.Median(ZeroShotKind.HeldOutTask))]),
            new Claim("T0 with 11 billion weights is as good as GPT-3 with 175 billion on 9 of 11 held-out sets", "abstract, Fig. 4").NotTested("a model of that size", T0),
            new Claim("and ahead of language models up to six times larger on 13 of 14 tasks of BIG-bench", "abstract, Fig. 5").NotTested("the same model and BIG-bench", T0),
            new Claim("T0+ and T0++: more sets, higher medians", "§6.2, Fig. 7").NotTested("the same model, trained twice more", T0 with { Runs = 2 }),
            new Claim("Its answers show bias where the data sets do", "appendix").NotTested("CrowS-Pairs and WinoBias, and a model that answers them"),
        ]);

        Claim Gated(Claim claim, string cell, ResultFile? run, params (ZeroShotKind Kind, string Dataset)[] sets)
        {
            if (run is not null && opened.Select(v => T0Gate.Of(run.Rows, v)).FirstOrDefault(g => !g.IsOpen) is { } closed) return claim.NotTested(closed.Why);
            return Tested(claim, cell, run, rows => [.. sets.Select(set => T0Expectations.Medians(rows, T0Experiments.All, T0Experiments.NoPrompt, set))]);
        }
    }

    private static Claim Tested(Claim claim, string cell, ResultFile? run, Func<ResultRows, IReadOnlyList<Contrast?>> contrasts, Finding expected = Finding.Above)
    {
        if (run is null) return claim.NotTested("no committed run");
        Contrast[] found = [.. contrasts(run.Rows).OfType<Contrast>()];
        return found.Length == 0 ? claim.NotTested("not in the committed run") : claim.Tested(cell, run.Preset, expected, found);
    }
}
