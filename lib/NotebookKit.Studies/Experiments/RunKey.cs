namespace NotebookKit.Studies.Experiments;

/// <summary>Everything that determines the result of a run.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Settings">The settings as canonical JSON, their type included.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The checksum of the data, such as <see cref="Data.TextCorpus.Checksum"/>.</param>
/// <param name="Device">The kind of device: other kernels give other bits.</param>
/// <param name="Kit">Version and code hash of the kit.</param>
public sealed record RunKey(string Experiment, string Settings, int Seed, string Data, string Device, string Kit)
{
    /// <summary>The hash that names the run's entry in the cache: 32 hexadecimal digits.</summary>
    public string Hash => CanonicalJson.Hash(CanonicalJson.Of(this));
}
