namespace NotebookKit.Runner.Execution;

/// <summary>Is told how a run goes, possibly from several threads when notebooks run side by side.</summary>
internal interface IRunObserver
{
    void Started(string notebook, int codeCells);

    void CellStarted(string notebook, int number);

    void Progress(string notebook, ProgressReport report);

    void Ended(NotebookOutcome outcome);
}
