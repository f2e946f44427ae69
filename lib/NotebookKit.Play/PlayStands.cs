using NotebookKit.Play.Edit;
using NotebookKit.Play.Mask;
using NotebookKit.Play.Prompt;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Mend;
using NotebookKit.Studies.Prompting;

namespace NotebookKit.Play;

/// <summary>The places of the three benches.</summary>
/// <param name="Mask">PMI-Masking.</param>
/// <param name="Prompt">T0.</param>
/// <param name="Edit">MEND.</param>
public sealed record PlayStands(Stand<MaskBench> Mask, Stand<PromptBench> Prompt, Stand<EditBench> Edit) : IDisposable
{
    /// <summary>All three, in the order of the papers.</summary>
    public IReadOnlyList<IStand> All => [Mask, Prompt, Edit];

    /// <summary>The benches over the documentation of .NET, the prompts and the facts of a checkout.</summary>
    /// <param name="data">The folder <c>data</c> of the checkout.</param>
    /// <param name="cache">Where weights are kept.</param>
    public static PlayStands Of(string data, RunCache cache)
    {
        // Read once, by whichever bench is first; one preparation is at work at a time.
        ApiDocs? docs = null;
        TextCorpus? text = null;
        ApiDocs Docs(IProgress<ProgressReport>? progress) => docs ??= ApiDocs.Load(progress);
        TextCorpus Text(IProgress<ProgressReport> progress) => text ??= Docs(progress).ToCorpus();
        Dictionary<string, PromptPreparation> prompts = [];
        PromptPreparation Prompts(string preset)
        {
            var study = PromptPreparation.Study(preset);
            if (!prompts.TryGetValue(preset, out var known))
                prompts.Add(preset, known = new(progress => PromptTasks.FromApiDocs(Docs(progress), PromptLibrary.Open(Path.Combine(data, "prompts")), study), study, cache));
            return known;
        }
        FactBook Book() => FactBook.Load(Path.Combine(data, "facts"));
        return new(
            new("mask", (preset, progress, stop) => MaskPreparation.Prepare(Text(progress), MaskPreparation.Study(preset), cache, progress, stop), Longer,
                (preset, progress) => MaskPreparation.IsKept(Text(progress), MaskPreparation.Study(preset), cache)),
            new("prompt", (preset, progress, stop) => Prompts(preset).Prepare(progress, stop), Longer,
                (preset, progress) => Prompts(preset).IsKept(progress)),
            new("edit", (preset, progress, stop) => EditPreparation.Prepare(Book(), EditPreparation.Study(preset), cache, progress, stop), Longer,
                (preset, _) => EditPreparation.IsKept(Book(), EditPreparation.Study(preset), cache)));
    }

    private const string Longer = "several minutes on two cores; you can go on meanwhile";

    /// <summary>Frees the benches.</summary>
    public void Dispose()
    {
        foreach (var stand in All) stand.Dispose();
    }
}
