using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Mend;

/// <summary>The paper's claims, each with the contrast of the committed rows that tests it.</summary>
public static class MendClaims
{
    /// <summary>The table, from the committed runs; a run that is not there leaves its claims untested.</summary>
    /// <param name="kept">The committed runs.</param>
    public static ClaimTable Of(CommittedResults kept)
    {
        ResultFile? facts = kept.Best("mend-facts"), claims = kept.Best("mend-claims"), real = kept.Best("mend-real-claims"), passages = kept.Best("mend-passages"), together = kept.Best("mend-together"), parts = kept.Best("mend-ablation");
        return new(
        [
            new Claim("The gradient of a linear layer is δuᵀ for each token, and the batch's is their sum", "§3.1").Judged("thin", "", "", null, null, 0, Verdict.Shown, "equal to rounding in every run, for three architectures in the kit's tests"),
            Tested(new("MEND's edits reach rephrasings where fine-tuning's do not: classification, FEVER", "Table 4"), "claims", claims, Finding.Above, ("MEND", "FT", "success")),
            Tested(new("and leave other claims alone", "Table 4"), "claims", claims, Finding.Below, ("MEND", "FT", "drawdown, other claims")),
            Tested(new("both, on a pretrained BERT (here MiniLM): further to rephrasings", "Table 4"), "real-claims", real, Finding.Above, ("MEND", "FT", "success")),
            Tested(new("with less damage", "Table 4"), "real-claims", real, Finding.Below, ("MEND", "FT", "drawdown, other claims")),
            Tested(new("MEND is ahead of fine-tuning in generation, in success", "Tables 3, 4"), "passages", passages, Finding.Above, ("MEND", "FT", "success")),
            Tested(new("and in perplexity", "Tables 3, 4"), "passages", passages, Finding.Below, ("MEND", "FT", "perplexity drawdown, other passages")),
            Tested(new("In question answering they are near each other, MEND ahead", "Table 4"), "compare", facts, Finding.Above, ("MEND", "FT", "success")),
            Tested(new("Fine-tuning with KL does less damage and reaches less", "Tables 3, 4"), "claims", claims, Finding.Below, ("FT+KL to a margin", "FT to a margin", "success"), ("FT+KL to a margin", "FT to a margin", "drawdown, other claims")),
            Tested(new("An edit takes one pass, not many", "Table 1"), "compare", facts, Finding.Above, ("FT", "MEND", "steps")),
            TestedAs(new("MEND holds for 25 edits at once where ENN fails", "Table 5"), "together", together, Finding.Above, "MEND, k = 25", "ENN, k = 25"),
            TestedAs(new("Normalising the factors is essential", "Table 6"), "parts", parts, Finding.Above, "MEND", "no norm"),
            TestedAs(new("Starting from the identity is essential", "Table 6"), "parts", parts, Finding.Above, "MEND", "no identity start"),
            TestedAs(new("Transforming both factors is worth it", "Table 6"), "parts", parts, Finding.Above, "MEND", "only u"),
            Tested(new("A cache of hidden states fails in generation", "Table 11"), "passages", passages, Finding.Below, ("cache", "MEND", "success")),
            new Claim("MEND edits models of 2.7 to 11 billion weights better than all others", "Table 3").NotTested("no such model fits this machine"),
            new Claim("The editor trains in less than a day on one GPU for more than 10 billion weights", "abstract, Fig. 3, 4").NotTested("memory and hours need the large model; section 11 computes the editor's size"),
            new Claim("Editing feed-forward layers is better than editing attention", "Table 9").NotTested("one study with other weight names; not run"),
            Tested(new("KE is near MEND on FEVER", "Table 4"), "claims", claims, Finding.Level, ("KE", "MEND", "success")),
            new Claim("KE fails on large models", "Table 3").NotTested("no such model fits this machine"),
        ]);
    }

    private static Claim Tested(Claim claim, string cell, ResultFile? run, Finding expected, params (string Editor, string Rival, string Metric)[] contrasts)
    {
        if (run is null) return claim.NotTested("no committed run");
        var chosen = MendChoice.Chosen(run.Rows);
        Contrast[] found = [.. contrasts.Select(c => EditReport.Between(chosen, c.Editor, c.Rival, c.Metric)).OfType<Contrast>()];
        return found.Length == 0 ? claim.NotTested("not in the committed run") : claim.Tested(cell, run.Preset, expected, found);
    }

    private static Claim TestedAs(Claim claim, string cell, ResultFile? run, Finding expected, string variant, string rival) =>
        run is null ? claim.NotTested("no committed run")
        : EditReport.Between(run.Rows, variant, rival, "success") is { } contrast ? claim.Tested(cell, run.Preset, expected, contrast)
        : claim.NotTested("not in the committed run");
}
