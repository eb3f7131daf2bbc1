namespace LivingCity.Twin.Models.Heat;

/// <summary>Classes of thermal stress of the UTCI, coldest first (Bröde et al. 2012, table 1).</summary>
public enum ThermalStress
{
    ExtremeCold,
    VeryStrongCold,
    StrongCold,
    ModerateCold,
    SlightCold,
    None,
    ModerateHeat,
    StrongHeat,
    VeryStrongHeat,
    ExtremeHeat,
}
