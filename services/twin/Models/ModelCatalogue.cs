using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.GreenSpace;
using LivingCity.Twin.Models.Heat;
using LivingCity.Twin.Models.PowerGrid;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Models;

/// <summary>All models of the twin.</summary>
public static class ModelCatalogue
{
    /// <summary>Models, each once.</summary>
    public static IReadOnlyList<IModel> All { get; } = [new FloodModel(), new HeatModel(), new TrafficModel(), new PowerGridModel(), new GreenSpaceModel()];

    /// <summary>A model by its id, or null.</summary>
    public static IModel? Find(string id) => All.FirstOrDefault(m => m.Description.Id == id);
}
