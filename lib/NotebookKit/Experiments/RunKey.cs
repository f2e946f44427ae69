namespace NotebookKit.Experiments;

/// <summary>Everything that determines the result of a run.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Settings">The settings as canonical JSON, their type included.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The checksum of the data, such as <see cref="Data.TextCorpus.Checksum"/>.</param>
/// <param name="Device">The kind of device: other kernels give other bits.</param>
/// <param name="Kit">Version and code hash of the kit.</param>
public sealed record RunKey(string Experiment, string Settings, int Seed, string Data, string Device, string Kit)
{
    /// <summary>The key of a run of the kit that is at work.</summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="settings">All that the run's author can choose: an immutable record.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="data">The checksum of the data.</param>
    /// <param name="device">The kind of device.</param>
    /// <exception cref="NotSupportedException">The settings hold something that cannot be hashed.</exception>
    public static RunKey Of<TSettings>(string experiment, TSettings settings, int seed, string data, string device)
        where TSettings : notnull => new(experiment, $"{settings.GetType().Name} {CanonicalJson.Of(settings)}", seed, data, device, KitVersion.Of(typeof(TSettings)));

    /// <summary>The hash that names the run's entry in the cache: 32 hexadecimal digits.</summary>
    public string Hash => CanonicalJson.Hash(CanonicalJson.Of(this));
}
