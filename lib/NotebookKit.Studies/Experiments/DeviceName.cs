using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Studies.Experiments;

/// <summary>The device of a run in words, for the file of its rows: <c>cpu, 2 threads</c>, <c>NVIDIA H200</c>.</summary>
public static class DeviceName
{
    private const string Driver = "/proc/driver/nvidia/gpus";

    /// <summary>The words for a device.</summary>
    /// <param name="device">The device that is trained on.</param>
    /// <param name="runtime">What <see cref="TorchRuntime.Load"/> found.</param>
    public static string Of(torch.Device device, TorchRuntime runtime) => device.type == DeviceType.CUDA
        ? Gpus(Driver).ElementAtOrDefault(Math.Max(0, device.index)) ?? device.ToString()
        : $"cpu, {runtime.Threads} thread{(runtime.Threads == 1 ? "" : "s")}";

    /// <summary>The models of the GPUs, as the driver tells them on Linux; none elsewhere, since libtorch's names are not open to TorchSharp.</summary>
    /// <param name="folder">The driver's folder: one folder for each GPU, with a file of lines such as <c>Model: NVIDIA H200</c>.</param>
    internal static IReadOnlyList<string> Gpus(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "information", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => File.ReadLines(file).FirstOrDefault(line => line.StartsWith("Model:", StringComparison.Ordinal))?["Model:".Length..].Trim() ?? "an unnamed GPU"),
    ];
}
