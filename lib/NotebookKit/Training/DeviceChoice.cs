using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>The device that a reader asks for by name: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
public static class DeviceChoice
{
    /// <summary>The device called <paramref name="name"/>; <c>auto</c> is the first CUDA device if there is one, else the CPU.</summary>
    /// <param name="name">One of <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>; case does not matter.</param>
    /// <param name="runtime">What <see cref="TorchRuntime.Load"/> found.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="TorchUnavailableException">A CUDA device was asked for that is not there.</exception>
    public static Device Parse(string name, TorchRuntime runtime)
    {
        string wanted = name.Trim().ToLowerInvariant() switch
        {
            "auto" => runtime.Devices.Contains("cuda:0") ? "cuda:0" : "cpu",
            "cuda" => "cuda:0",
            var other => other,
        };
        if (wanted != "cpu" && !(wanted.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(wanted.AsSpan(5), out int index) && index >= 0))
            throw new ArgumentException($"There is no device '{name}'; write auto, cpu, cuda or cuda:N.", nameof(name));
        if (!runtime.Devices.Contains(wanted))
            throw new TorchUnavailableException(
                $"Device '{name}' is not there: this process has {string.Join(", ", runtime.Devices)}; choose auto or cpu, or set {TorchRuntime.FolderVariable} to the torch/lib folder of a PyTorch with CUDA and build with `-p:Device=cuda`.");
        return torch.device(wanted);
    }
}

/// <summary>Where a model is.</summary>
internal static class ModelDevice
{
    /// <summary>The device of the model's weights.</summary>
    public static Device Device(this nn.Module model) => model.parameters().First().device;
}
