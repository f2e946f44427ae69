using System.CommandLine;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary><c>nbk pmi</c>: PMI masking vocabularies from a corpus.</summary>
internal static class PmiCommand
{
    public static Command Create() => new("pmi", "Build PMI masking vocabularies from a corpus (Levine et al. 2021).")
    {
        PmiVocabCommand.Create(),
        PmiCountCommand.Create(),
        PmiMergeCommand.Create(),
        PmiStatsCommand.Create(),
    };
}
