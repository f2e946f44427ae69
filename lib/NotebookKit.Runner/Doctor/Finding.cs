namespace NotebookKit.Runner.Doctor;

/// <summary>How much a finding matters.</summary>
internal enum Verdict
{
    /// <summary>As it should be, or only a fact.</summary>
    Good,

    /// <summary>Something is left out without it.</summary>
    Lacking,

    /// <summary>The notebooks do not run without it.</summary>
    Broken,
}

/// <summary>One thing that <c>nbk doctor</c> looked at.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Verdict">How much it matters.</param>
/// <param name="Text">What was found; if it is not good, what is missing and what to do.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Text);
